import { z } from 'zod';
import { confirm, id, markedUpOption, option, optionGroup, plainText } from './objects.ts';

const focus = { action_id: id.optional(), focus_on_load: z.boolean().optional() };
const pick = { ...focus, confirm: confirm.optional(), placeholder: plainText(150).optional() };
const several = { ...pick, max_selected_items: z.number().int().min(1).optional() };
const ids = z.array(id).min(1).optional();
const fromApp = { min_query_length: z.number().int().min(0).optional() };
const answers = { response_url_enabled: z.boolean().optional() };

const offered = {
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};
const offersOnce = ({ options, option_groups }: { options?: unknown; option_groups?: unknown }) =>
  (options === undefined) !== (option_groups === undefined);
const offerNeeded = 'needs either options or option_groups';

const filter = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .refine((wanted) => Object.keys(wanted).length > 0, 'is empty');
const conversations = {
  default_to_current_conversation: z.boolean().optional(),
  filter: filter.optional(),
};

/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
export const selects = [
  z
    .strictObject({
      type: z.literal('static_select'),
      ...pick,
      ...offered,
      initial_option: option.optional(),
    })
    .refine(offersOnce, offerNeeded),
  z.strictObject({
    type: z.literal('external_select'),
    ...pick,
    ...fromApp,
    initial_option: option.optional(),
  }),
  z.strictObject({ type: z.literal('users_select'), ...pick, initial_user: id.optional() }),
  z.strictObject({
    type: z.literal('conversations_select'),
    ...pick,
    ...answers,
    ...conversations,
    initial_conversation: id.optional(),
  }),
  z.strictObject({
    type: z.literal('channels_select'),
    ...pick,
    ...answers,
    initial_channel: id.optional(),
  }),
] as const;

const initialOptions = z.array(option).min(1).optional();

/** https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element */
export const multiSelects = [
  z
    .strictObject({
      type: z.literal('multi_static_select'),
      ...several,
      ...offered,
      initial_options: initialOptions,
    })
    .refine(offersOnce, offerNeeded),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...several,
    ...fromApp,
    initial_options: initialOptions,
  }),
  z.strictObject({ type: z.literal('multi_users_select'), ...several, initial_users: ids }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...several,
    ...conversations,
    initial_conversations: ids,
  }),
  z.strictObject({ type: z.literal('multi_channels_select'), ...several, initial_channels: ids }),
] as const;

export const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...focus,
  confirm: confirm.optional(),
  options: z.array(markedUpOption).min(1).max(10),
  initial_option: markedUpOption.optional(),
});

export const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...focus,
  confirm: confirm.optional(),
  options: z.array(markedUpOption).min(1).max(10),
  initial_options: z.array(markedUpOption).min(1).max(10).optional(),
});

/** https://docs.slack.dev/reference/block-kit/block-elements/date-picker-element */
export const datePicker = z.strictObject({
  type: z.literal('datepicker'),
  ...pick,
  initial_date: z.iso.date().optional(),
});

export const timePicker = z.strictObject({
  type: z.literal('timepicker'),
  ...pick,
  initial_time: z.iso.time({ precision: -1 }).optional(),
  timezone: id.optional(),
});

/** Ten digits: seconds since 1970. */
export const dateTimePicker = z.strictObject({
  type: z.literal('datetimepicker'),
  ...focus,
  confirm: confirm.optional(),
  initial_date_time: z
    .number()
    .int()
    .min(1e9)
    .max(1e10 - 1)
    .optional(),
});

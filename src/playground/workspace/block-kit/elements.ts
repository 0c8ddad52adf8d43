import { z } from 'zod';
import {
  confirm,
  id,
  imageElement,
  link,
  linkOption,
  markedUpOption,
  option,
  optionGroup,
  plainText,
  upTo,
} from './objects.ts';

/** https://docs.slack.dev/reference/block-kit/block-elements */
export const button = z.strictObject({
  type: z.literal('button'),
  action_id: id.optional(),
  text: plainText(75),
  value: upTo(2000).optional(),
  url: link.optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
  accessibility_label: upTo(75).optional(),
});

const focus = { action_id: id.optional(), focus_on_load: z.boolean().optional() };
const pick = { ...focus, confirm: confirm.optional(), placeholder: plainText(150).optional() };

export const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    ...pick,
    options: z.array(option).min(1).max(100).optional(),
    option_groups: z.array(optionGroup).min(1).max(100).optional(),
    initial_option: option.optional(),
  })
  .refine(
    ({ options, option_groups }) => (options === undefined) !== (option_groups === undefined),
    'needs either options or option_groups',
  );
export const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  ...pick,
  initial_user: upTo(255).optional(),
});
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
export const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: id.optional(),
  confirm: confirm.optional(),
  options: z.array(linkOption).min(1).max(5),
});
export const plainTextInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    ...focus,
    placeholder: plainText(150).optional(),
    initial_value: upTo(3000).optional(),
    multiline: z.boolean().optional(),
    min_length: z.number().int().min(0).max(3000).optional(),
    max_length: z.number().int().min(1).max(3000).optional(),
    dispatch_action_config: z
      .strictObject({
        trigger_actions_on: z
          .array(z.enum(['on_enter_pressed', 'on_character_entered']))
          .min(1)
          .optional(),
      })
      .optional(),
  })
  .refine(
    ({ min_length = 0, max_length = 3000 }) => min_length <= max_length,
    'min_length is above max_length',
  );

export const accessory = z.discriminatedUnion('type', [
  button,
  staticSelect,
  usersSelect,
  radioButtons,
  checkboxes,
  overflow,
  imageElement,
]);

import { z } from 'zod';
import { button, overflow, workflowButton } from './buttons.ts';
import { alert, card, carousel, contextActions, plan, taskCard } from './cards.ts';
import { dataVisualization } from './charts.ts';
import {
  checkboxes,
  datePicker,
  dateTimePicker,
  multiSelects,
  radioButtons,
  selects,
  timePicker,
} from './choices.ts';
import {
  emailInput,
  fileInput,
  numberInput,
  plainTextInput,
  richTextInput,
  urlInput,
} from './entries.ts';
import {
  id,
  imageElement,
  mrkdwn,
  onePicture,
  picture,
  pictureNeeded,
  plainText,
  text,
  upTo,
} from './objects.ts';
import { richText } from './rich-text.ts';
import { dataTable, table } from './tables.ts';

const named = { block_id: id.optional() };

const header = z.strictObject({ type: z.literal('header'), ...named, text: plainText(150) });
const divider = z.strictObject({ type: z.literal('divider'), ...named });
const image = z
  .strictObject({
    type: z.literal('image'),
    ...named,
    ...picture,
    title: plainText(2000).optional(),
  })
  .refine(onePicture, pictureNeeded);
const context = z.strictObject({
  type: z.literal('context'),
  ...named,
  elements: z
    .array(z.discriminatedUnion('type', [plainText(3000), mrkdwn(3000), imageElement]))
    .min(1)
    .max(10),
});

/** What may be in a section, in actions and in an input alike. */
const picks = [...selects, ...multiSelects, radioButtons, checkboxes, datePicker, timePicker];
const buttons = [button, workflowButton, overflow] as const;

const section = z
  .strictObject({
    type: z.literal('section'),
    ...named,
    text: text(3000).optional(),
    fields: z.array(text(2000)).min(1).max(10).optional(),
    accessory: z.discriminatedUnion('type', [imageElement, ...buttons, ...picks]).optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text || fields, 'needs text or fields');
const actions = z.strictObject({
  type: z.literal('actions'),
  ...named,
  elements: z
    .array(z.discriminatedUnion('type', [richTextInput, dateTimePicker, ...buttons, ...picks]))
    .min(1)
    .max(25),
});
const input = z.strictObject({
  type: z.literal('input'),
  ...named,
  label: plainText(2000),
  element: z.discriminatedUnion('type', [
    plainTextInput,
    numberInput,
    emailInput,
    urlInput,
    richTextInput,
    fileInput,
    dateTimePicker,
    ...picks,
  ]),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

/** https://docs.slack.dev/reference/block-kit/blocks/container-block */
const container = z
  .strictObject({
    type: z.literal('container'),
    ...named,
    title: plainText(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: text(150).optional(),
    icon: imageElement.optional(),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
    child_blocks: z
      .array(
        z.discriminatedUnion('type', [
          actions,
          context,
          divider,
          header,
          image,
          input,
          richText,
          section,
          table,
        ]),
      )
      .min(1)
      .max(10),
  })
  .refine(({ title, rich_text_title }) => title ?? rich_text_title, 'needs a title')
  .refine(
    ({ default_collapsed, is_collapsible }) => !default_collapsed || is_collapsible,
    'default_collapsed: is_collapsible is needed',
  );

/**
 * What Slack accepts, and how much of it: https://docs.slack.dev/reference/block-kit/blocks and the pages on
 * elements and composition objects below it. Anything else is refused: `file` blocks are Slack's own, and a
 * `video` needs a scope that the app does not have.
 */
export const anyBlock = z.discriminatedUnion('type', [
  header,
  divider,
  section,
  context,
  actions,
  input,
  image,
  table,
  dataTable,
  dataVisualization,
  richText,
  container,
  alert,
  card,
  carousel,
  contextActions,
  taskCard,
  plan,
  z.strictObject({ type: z.literal('markdown'), ...named, text: upTo(12_000) }),
]);

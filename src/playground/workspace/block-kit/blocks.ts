import { z } from 'zod';
import { chart } from './charts.ts';
import {
  accessory,
  button,
  checkboxes,
  overflow,
  plainTextInput,
  radioButtons,
  staticSelect,
  usersSelect,
} from './elements.ts';
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
import { cell, columnSetting } from './tables.ts';

const named = { block_id: id.optional() };

/**
 * What Slack takes, and how much of it: https://docs.slack.dev/reference/block-kit/blocks and the
 * pages on elements and composition objects below it. Whatever is not named here is refused.
 */
export const anyBlock = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), ...named, text: plainText(150) }),
  z.strictObject({ type: z.literal('divider'), ...named }),
  z.strictObject({ type: z.literal('markdown'), ...named, text: upTo(12_000) }),
  z
    .strictObject({
      type: z.literal('section'),
      ...named,
      text: text(3000).optional(),
      fields: z.array(text(2000)).min(1).max(10).optional(),
      accessory: accessory.optional(),
      expand: z.boolean().optional(),
    })
    .refine((section) => section.text || section.fields, 'needs text or fields'),
  z.strictObject({
    type: z.literal('context'),
    ...named,
    elements: z
      .array(z.discriminatedUnion('type', [plainText(3000), mrkdwn(3000), imageElement]))
      .min(1)
      .max(10),
  }),
  z.strictObject({
    type: z.literal('actions'),
    ...named,
    elements: z
      .array(
        z.discriminatedUnion('type', [
          button,
          staticSelect,
          usersSelect,
          radioButtons,
          checkboxes,
          overflow,
        ]),
      )
      .min(1)
      .max(25),
  }),
  z.strictObject({
    type: z.literal('input'),
    ...named,
    label: plainText(2000),
    element: z.discriminatedUnion('type', [
      plainTextInput,
      staticSelect,
      usersSelect,
      radioButtons,
      checkboxes,
    ]),
    hint: plainText(2000).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
  }),
  z
    .strictObject({
      type: z.literal('image'),
      ...named,
      ...picture,
      title: plainText(2000).optional(),
    })
    .refine(onePicture, pictureNeeded),
  z.strictObject({
    type: z.literal('table'),
    ...named,
    rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
    column_settings: z.array(columnSetting).min(1).max(20).optional(),
  }),
  z.strictObject({
    type: z.literal('data_visualization'),
    ...named,
    title: upTo(50),
    chart,
  }),
  richText,
]);

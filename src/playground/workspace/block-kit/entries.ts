import { z } from 'zod';
import { id, plainText, upTo } from './objects.ts';
import { richText } from './rich-text.ts';

const typed = {
  action_id: id.optional(),
  focus_on_load: z.boolean().optional(),
  placeholder: plainText(150).optional(),
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z
        .array(z.enum(['on_enter_pressed', 'on_character_entered']))
        .min(1)
        .optional(),
    })
    .optional(),
};

export const plainTextInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    ...typed,
    initial_value: upTo(3000).optional(),
    multiline: z.boolean().optional(),
    min_length: z.number().int().min(0).max(3000).optional(),
    max_length: z.number().int().min(1).max(3000).optional(),
  })
  .refine(
    ({ min_length = 0, max_length = 3000 }) => min_length <= max_length,
    'min_length is above max_length',
  );

const figure = z.string().regex(/^-?\d+(\.\d+)?$/, 'not a number');

/** https://docs.slack.dev/reference/block-kit/block-elements/number-input-element */
export const numberInput = z
  .strictObject({
    type: z.literal('number_input'),
    ...typed,
    is_decimal_allowed: z.boolean(),
    initial_value: figure.optional(),
    min_value: figure.optional(),
    max_value: figure.optional(),
  })
  .refine(({ min_value, initial_value, max_value }) => {
    const inOrder = [min_value, initial_value, max_value].filter((value) => value !== undefined);
    return inOrder.every((value, index) => Number(inOrder[index - 1] ?? value) <= Number(value));
  }, 'min_value, initial_value and max_value are out of order');

export const emailInput = z.strictObject({
  type: z.literal('email_text_input'),
  ...typed,
  initial_value: upTo(3000).optional(),
});

export const urlInput = z.strictObject({
  type: z.literal('url_text_input'),
  ...typed,
  initial_value: upTo(3000).optional(),
});

export const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  ...typed,
  initial_value: richText.optional(),
  min_lines: z.number().int().min(1).optional(),
  max_lines: z.number().int().min(1).optional(),
});

/** https://docs.slack.dev/reference/block-kit/block-elements/file-input-element */
export const fileInput = z.strictObject({
  type: z.literal('file_input'),
  action_id: id.optional(),
  filetypes: z.array(upTo(255)).min(1).optional(),
  max_files: z.number().int().min(1).max(10).optional(),
});

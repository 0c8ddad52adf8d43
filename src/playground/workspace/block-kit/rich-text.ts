import { z } from 'zod';
import { id, link, upTo } from './objects.ts';

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const style = z.strictObject({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  strike: z.boolean().optional(),
  code: z.boolean().optional(),
  underline: z.boolean().optional(),
});
const styled = { style: style.optional() };
const richLetters = z.strictObject({ type: z.literal('text'), text: z.string().min(1), ...styled });
const richLink = z.strictObject({
  type: z.literal('link'),
  url: upTo(3000),
  text: z.string().min(1).optional(),
  unsafe: z.boolean().optional(),
  ...styled,
});
const richPart = z.discriminatedUnion('type', [
  richLetters,
  richLink,
  z.strictObject({ type: z.literal('user'), user_id: id, ...styled }),
  z.strictObject({ type: z.literal('team'), team_id: id, ...styled }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: id, ...styled }),
  z.strictObject({ type: z.literal('channel'), channel_id: id, ...styled }),
  z.strictObject({
    type: z.literal('emoji'),
    name: upTo(255),
    unicode: upTo(255).optional(),
    url: link.optional(),
    ...styled,
  }),
  z.strictObject({ type: z.literal('color'), value: upTo(255), ...styled }),
  z.strictObject({
    type: z.literal('broadcast'),
    range: z.enum(['here', 'channel', 'everyone']),
    ...styled,
  }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.number().int(),
    format: upTo(255),
    url: link.optional(),
    fallback: upTo(3000).optional(),
    ...styled,
  }),
]);
const border = { border: z.union([z.literal(0), z.literal(1)]).optional() };
/**
 * Unlike everything else in Block Kit, rich text may be empty:
 * https://github.com/slackapi/python-slack-sdk/pull/1576
 */
const richSection = z.strictObject({
  type: z.literal('rich_text_section'),
  elements: z.array(richPart),
});
export const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: id.optional(),
  elements: z
    .array(
      z.discriminatedUnion('type', [
        richSection,
        z.strictObject({
          type: z.literal('rich_text_list'),
          style: z.enum(['bullet', 'ordered']),
          elements: z.array(richSection).min(1),
          indent: z.number().int().min(0).max(8).optional(),
          offset: z.number().int().min(0).optional(),
          ...border,
        }),
        z.strictObject({
          type: z.literal('rich_text_quote'),
          elements: z.array(richPart),
          ...border,
        }),
        z.strictObject({
          type: z.literal('rich_text_preformatted'),
          elements: z.array(z.discriminatedUnion('type', [richLetters, richLink])),
          language: upTo(255).optional(),
          ...border,
        }),
      ]),
    )
    .min(1),
});

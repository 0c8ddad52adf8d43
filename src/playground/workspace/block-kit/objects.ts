import { z } from 'zod';

/** https://docs.slack.dev/reference/block-kit/composition-objects */
export const upTo = (limit: number) => z.string().min(1).max(limit);
export const id = upTo(255);
export const link = upTo(3000).regex(/^https?:\/\//, 'not a URL');

export const plainText = (limit: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: upTo(limit),
    emoji: z.boolean().optional(),
  });
export const mrkdwn = (limit: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: upTo(limit),
    verbatim: z.boolean().optional(),
  });
export const text = (limit: number) =>
  z.discriminatedUnion('type', [plainText(limit), mrkdwn(limit)]);

export const confirm = z.strictObject({
  title: plainText(100).optional(),
  text: text(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

export const option = z.strictObject({
  text: plainText(75),
  value: upTo(150),
  description: plainText(75).optional(),
});
export const markedUpOption = z.strictObject({
  text: text(75),
  value: upTo(150),
  description: text(75).optional(),
});
export const linkOption = z.strictObject({ ...option.shape, url: link.optional() });
export const optionGroup = z.strictObject({
  label: plainText(75),
  options: z.array(option).min(1).max(100),
});

export const picture = {
  alt_text: upTo(2000),
  image_url: link.optional(),
  slack_file: z
    .union([z.strictObject({ id: upTo(255) }), z.strictObject({ url: link })])
    .optional(),
};
export const onePicture = (image: { image_url?: unknown; slack_file?: unknown }) =>
  (image.image_url === undefined) !== (image.slack_file === undefined);
export const pictureNeeded = 'needs either image_url or slack_file';
export const imageElement = z
  .strictObject({ type: z.literal('image'), ...picture })
  .refine(onePicture, pictureNeeded);

import { z } from 'zod';
import { button, feedbackButtons, iconButton } from './buttons.ts';
import { id, imageElement, link, mrkdwn, text, upTo } from './objects.ts';
import { richText } from './rich-text.ts';

const named = { block_id: id.optional() };

/** https://docs.slack.dev/reference/block-kit/blocks/alert-block */
export const alert = z.strictObject({
  type: z.literal('alert'),
  ...named,
  text: text(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

/** https://docs.slack.dev/reference/block-kit/blocks/card-block */
export const card = z
  .strictObject({
    type: z.literal('card'),
    ...named,
    hero_image: imageElement.optional(),
    icon: imageElement.optional(),
    title: mrkdwn(150).optional(),
    subtitle: mrkdwn(150).optional(),
    body: mrkdwn(200).optional(),
    actions: z.array(button).min(1).max(3).optional(),
  })
  .refine(
    ({ hero_image, title, body, actions }) => hero_image ?? title ?? body ?? actions,
    'needs hero_image, title, body or actions',
  );

/** https://docs.slack.dev/reference/block-kit/blocks/carousel-block */
export const carousel = z.strictObject({
  type: z.literal('carousel'),
  ...named,
  elements: z.array(card).min(1).max(10),
});

/** https://docs.slack.dev/reference/block-kit/blocks/context-actions-block */
export const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  ...named,
  elements: z
    .array(z.discriminatedUnion('type', [feedbackButtons, iconButton]))
    .min(1)
    .max(5),
});

/** https://docs.slack.dev/reference/block-kit/blocks/task-card-block */
export const taskCard = z.strictObject({
  type: z.literal('task_card'),
  ...named,
  task_id: upTo(255),
  title: upTo(3000),
  details: richText.optional(),
  output: richText.optional(),
  sources: z
    .array(z.strictObject({ type: z.literal('url'), url: link, text: upTo(3000) }))
    .optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});

/** https://docs.slack.dev/reference/block-kit/blocks/plan-block */
export const plan = z.strictObject({
  type: z.literal('plan'),
  ...named,
  title: upTo(3000),
  tasks: z.array(taskCard).optional(),
});

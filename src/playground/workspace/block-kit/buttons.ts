import { z } from 'zod';
import { confirm, id, link, linkOption, plainText, upTo } from './objects.ts';

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
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

/** https://docs.slack.dev/reference/block-kit/block-elements/workflow-button-element */
export const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  action_id: id.optional(),
  text: plainText(75),
  workflow: z.strictObject({
    trigger: z.strictObject({
      url: link,
      customizable_input_parameters: z
        .array(z.strictObject({ name: upTo(255), value: upTo(2000) }))
        .optional(),
    }),
  }),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: upTo(75).optional(),
});

export const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: id.optional(),
  confirm: confirm.optional(),
  options: z.array(linkOption).min(1).max(5),
});

const thumb = z.strictObject({
  text: plainText(75),
  accessibility_label: upTo(75).optional(),
  value: upTo(2000),
});

/** https://docs.slack.dev/reference/block-kit/block-elements/feedback-buttons-element */
export const feedbackButtons = z.strictObject({
  type: z.literal('feedback_buttons'),
  action_id: id.optional(),
  positive_button: thumb,
  negative_button: thumb,
});

/** https://docs.slack.dev/reference/block-kit/block-elements/icon-button-element */
export const iconButton = z.strictObject({
  type: z.literal('icon_button'),
  action_id: id.optional(),
  icon: z.literal('trash'),
  text: plainText(75),
  accessibility_label: upTo(75).optional(),
  value: upTo(2000).optional(),
  visible_to_user_ids: z.array(id).optional(),
  confirm: confirm.optional(),
});

import { z } from 'zod';

/**
 * What Slack takes, and how much of it: https://docs.slack.dev/reference/block-kit/blocks and the
 * pages on elements and composition objects below it. Whatever is not named here is refused.
 */

const upTo = (limit: number) => z.string().min(1).max(limit);
const id = upTo(255);
const link = upTo(3000).regex(/^https?:\/\//, 'not a URL');

const plainText = (limit: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: upTo(limit),
    emoji: z.boolean().optional(),
  });
const mrkdwn = (limit: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: upTo(limit),
    verbatim: z.boolean().optional(),
  });
const text = (limit: number) => z.discriminatedUnion('type', [plainText(limit), mrkdwn(limit)]);

const confirm = z.strictObject({
  title: plainText(100).optional(),
  text: text(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

const option = z.strictObject({
  text: plainText(75),
  value: upTo(150),
  description: plainText(75).optional(),
});
const markedUpOption = z.strictObject({
  text: text(75),
  value: upTo(150),
  description: text(75).optional(),
});
const linkOption = z.strictObject({ ...option.shape, url: link.optional() });
const optionGroup = z.strictObject({
  label: plainText(75),
  options: z.array(option).min(1).max(100),
});

const button = z.strictObject({
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

const staticSelect = z
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
const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  ...pick,
  initial_user: upTo(255).optional(),
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...focus,
  confirm: confirm.optional(),
  options: z.array(markedUpOption).min(1).max(10),
  initial_option: markedUpOption.optional(),
});
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...focus,
  confirm: confirm.optional(),
  options: z.array(markedUpOption).min(1).max(10),
  initial_options: z.array(markedUpOption).min(1).max(10).optional(),
});
const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: id.optional(),
  confirm: confirm.optional(),
  options: z.array(linkOption).min(1).max(5),
});
const plainTextInput = z
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

const picture = {
  alt_text: upTo(2000),
  image_url: link.optional(),
  slack_file: z
    .union([z.strictObject({ id: upTo(255) }), z.strictObject({ url: link })])
    .optional(),
};
const onePicture = (image: { image_url?: unknown; slack_file?: unknown }) =>
  (image.image_url === undefined) !== (image.slack_file === undefined);
const pictureNeeded = 'needs either image_url or slack_file';
const imageElement = z
  .strictObject({ type: z.literal('image'), ...picture })
  .refine(onePicture, pictureNeeded);

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
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: id, ...styled }),
  z.strictObject({ type: z.literal('channel'), channel_id: id, ...styled }),
  z.strictObject({
    type: z.literal('emoji'),
    name: upTo(255),
    unicode: upTo(255).optional(),
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
const richSection = z.strictObject({
  type: z.literal('rich_text_section'),
  elements: z.array(richPart).min(1),
});
const richText = z.strictObject({
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
          elements: z.array(richPart).min(1),
          ...border,
        }),
        z.strictObject({
          type: z.literal('rich_text_preformatted'),
          elements: z.array(z.discriminatedUnion('type', [richLetters, richLink])).min(1),
          language: upTo(255).optional(),
          ...border,
        }),
      ]),
    )
    .min(1),
});

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) }),
  richText,
]);
const columnSetting = z.strictObject({
  align: z.enum(['left', 'center', 'right']).optional(),
  is_wrapped: z.boolean().optional(),
});

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
const point = z.strictObject({ label: upTo(20), value: z.number() });
const plot = {
  series: z
    .array(z.strictObject({ name: upTo(20), data: z.array(point).min(1).max(20) }))
    .min(1)
    .max(6)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'names repeat'),
  axis_config: z.strictObject({
    categories: z
      .array(upTo(20))
      .min(1)
      .max(20)
      .refine((all) => new Set(all).size === all.length, 'categories repeat'),
    x_label: upTo(50).optional(),
    y_label: upTo(50).optional(),
  }),
};
const chart = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('pie'),
      segments: z
        .array(z.strictObject({ label: upTo(20), value: z.number().positive() }))
        .min(1)
        .max(6),
    }),
    z.strictObject({ type: z.literal('line'), ...plot }),
    z.strictObject({ type: z.literal('bar'), ...plot }),
    z.strictObject({ type: z.literal('area'), ...plot }),
  ])
  .refine((drawn) => {
    if (drawn.type === 'pie') return true;
    const categories = [...drawn.axis_config.categories].sort().join('\n');
    return drawn.series.every(
      ({ data }) =>
        categories ===
        data
          .map(({ label }) => label)
          .sort()
          .join('\n'),
    );
  }, 'every series needs exactly one point for each category');

const named = { block_id: id.optional() };
const accessory = z.discriminatedUnion('type', [
  button,
  staticSelect,
  usersSelect,
  radioButtons,
  checkboxes,
  overflow,
  imageElement,
]);

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

const view = {
  blocks: z.array(z.unknown()),
  private_metadata: z.string().max(3000).optional(),
  callback_id: id.optional(),
  external_id: id.optional(),
};

/** A view without its blocks, which have rules of their own. */
export const anyView = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    ...view,
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('home'), ...view }),
]);

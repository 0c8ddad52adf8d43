import { z } from 'zod';
import { id, upTo } from './objects.ts';

const point = z.strictObject({ label: upTo(20), value: z.number() });
const plot = {
  series: z
    .array(z.strictObject({ name: upTo(20), data: z.array(point).min(1).max(20) }))
    .min(1)
    .max(12)
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
        .max(12),
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

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  block_id: id.optional(),
  title: upTo(50),
  chart,
});

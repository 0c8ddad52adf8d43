import { z } from 'zod';
import { id, upTo } from './objects.ts';
import { richText } from './rich-text.ts';

/** A table accepts no empty cell. */
const written = z.string().min(1);
const rawText = z.strictObject({ type: z.literal('raw_text'), text: written });
const cell = z.discriminatedUnion('type', [
  rawText,
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: written }),
  richText.refine(({ elements }) => elements.some((one) => one.elements.length > 0), 'is empty'),
]);

const columnSetting = z.strictObject({
  align: z.enum(['left', 'center', 'right']).optional(),
  is_wrapped: z.boolean().optional(),
});

type Rows = { rows: unknown[][] };
const widthOf = ({ rows }: Rows) => rows[0]?.length ?? 0;
const isEven = ({ rows }: Rows) => rows.every((row) => row.length === rows[0]?.length);
const uneven = 'every row needs as many cells as the first';

/** https://docs.slack.dev/reference/block-kit/blocks/table-block */
export const table = z
  .strictObject({
    type: z.literal('table'),
    block_id: id.optional(),
    rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
    column_settings: z.array(columnSetting).min(1).max(20).optional(),
  })
  .refine(isEven, uneven)
  .refine(
    ({ rows, column_settings = [] }) => column_settings.length <= widthOf({ rows }),
    'column_settings: more than there are columns',
  );

/** https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
export const dataTable = z
  .strictObject({
    type: z.literal('data_table'),
    block_id: id.optional(),
    caption: upTo(3000),
    rows: z.tuple(
      [z.array(rawText).min(1).max(20), z.array(cell).min(1).max(20)],
      z.array(cell).min(1).max(20),
    ),
    page_size: z.number().int().min(1).max(100).optional(),
    row_header_column_index: z.number().int().min(0).optional(),
  })
  .refine(({ rows }) => rows.length <= 201, 'no more than 200 rows below the head')
  .refine(isEven, uneven)
  .refine(
    ({ rows, row_header_column_index = 0 }) => row_header_column_index < widthOf({ rows }),
    'row_header_column_index: there is no such column',
  );

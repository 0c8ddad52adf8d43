import type { Block } from '../types.ts';

/**
 * How many characters all tables of a message may have together:
 * https://docs.slack.dev/reference/block-kit/blocks/table-block and data-table-block
 */
const IN_TABLES: Record<string, number> = { table: 10_000, data_table: 20_000 };

/** https://docs.slack.dev/reference/block-kit/blocks/markdown-block */
const IN_MARKDOWN = 12_000;

/**
 * What chat.postMessage accepts, JSON included. Slack does not document it; these reports agree:
 * https://github.com/slackapi/bolt-js/issues/2509 and https://github.com/slackapi/bolt-js/issues/2867
 */
const IN_A_POST = 13_200;

export const isTooLongToPost = (blocks: Block[]) => JSON.stringify(blocks).length > IN_A_POST;

/** Slack's error for a message with too many characters of a kind. */
export function tooManyLetters(blocks: Block[]): string[] {
  const lettersOf = (type: string) =>
    lettersIn(
      blocks.filter((block) => block.type === type).map(({ rows, text }) => [rows, { text }]),
    );
  const tables = Object.entries(IN_TABLES)
    .filter(([type, most]) => lettersOf(type) > most)
    .map(([type, most]) => `blocks: no more than ${most} characters in a ${type}`);
  const markdown = lettersOf('markdown') > IN_MARKDOWN;
  return [
    ...tables,
    ...(markdown ? [`blocks: no more than ${IN_MARKDOWN} characters of markdown`] : []),
  ];
}

/** The characters of all texts inside. A link without text shows its URL. */
function lettersIn(part: unknown): number {
  if (Array.isArray(part)) return part.reduce((sum: number, one) => sum + lettersIn(one), 0);
  if (!(part instanceof Object)) return 0;
  const { text, url, ...rest } = part as Record<string, unknown>;
  const shown = typeof text === 'string' ? text : typeof url === 'string' ? url : '';
  return shown.length + lettersIn([...Object.values(rest), text]);
}

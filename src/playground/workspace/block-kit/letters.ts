import type { Block } from '../types.ts';

/**
 * How many letters all tables of a message may hold together:
 * https://docs.slack.dev/reference/block-kit/blocks/table-block and data-table-block
 */
const IN_TABLES: Record<string, number> = { table: 10_000, data_table: 20_000 };

/** https://docs.slack.dev/reference/block-kit/blocks/markdown-block */
const IN_MARKDOWN = 12_000;

/**
 * What chat.postMessage takes, JSON and all. Slack's documents do not say; this agrees with what was measured:
 * https://github.com/slackapi/bolt-js/issues/2509 and https://github.com/slackapi/bolt-js/issues/2867
 */
const IN_A_POST = 13_200;

export const isTooLongToPost = (blocks: Block[]) => JSON.stringify(blocks).length > IN_A_POST;

/** What Slack says of a message that holds too many letters of a kind. */
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

/** Those of every text inside; a link without one shows its address. */
function lettersIn(part: unknown): number {
  if (Array.isArray(part)) return part.reduce((sum: number, one) => sum + lettersIn(one), 0);
  if (!(part instanceof Object)) return 0;
  const { text, url, ...rest } = part as Record<string, unknown>;
  const shown = typeof text === 'string' ? text : typeof url === 'string' ? url : '';
  return shown.length + lettersIn([...Object.values(rest), text]);
}

import type { types } from '@slack/bolt';
import type { Chart } from './chart.ts';
import { LIMITS } from './limits.ts';
import { dateTime, escapeMrkdwn, mayHoldMarkup, oneLine } from './mrkdwn.ts';

/** The blocks that this app makes. Slack's own types lack `data_visualization`. */
export type Block = types.KnownBlock | Chart;

/** Blocks for a surface that refuses the richer ones. */
export type Fallback = {
  blocks: Block[];
  fallback?: Fallback | undefined;
};

/** What a view makes: blocks, and the fallback text that notifications and screen readers use. */
export type Message = {
  text: string;
  blocks: Block[];
  fallback?: Fallback | undefined;
};

/** mrkdwn in our own words, as opposed to text that others wrote. */
type Mrkdwn = { mrkdwn: string };

/** A fact's value: text that others wrote, our own mrkdwn, or a point in time. */
export type Value = string | Mrkdwn | Date;

const plain = (text: string, length: number): types.PlainTextElement => ({
  type: 'plain_text',
  // Slack refuses an empty text object.
  text: oneLine(text, length) || '-',
  emoji: false,
});

const mrkdwn = (text: string): types.MrkdwnElement => ({ type: 'mrkdwn', text });

export const header = (text: string): types.HeaderBlock => ({
  type: 'header',
  text: plain(text, LIMITS.headerText),
});

/** A paragraph in our own words. */
export const paragraph = (text: string): types.SectionBlock => ({
  type: 'section',
  text: mrkdwn(text),
});

/** A paragraph of text that others wrote. Line breaks are kept. */
export const verbatim = (text: string): types.SectionBlock => ({
  type: 'section',
  text: { type: 'plain_text', text: text.slice(0, LIMITS.sectionText) || '-', emoji: false },
});

/** A footnote in our own words. */
export const context = (text: string): types.ContextBlock => ({
  type: 'context',
  elements: [mrkdwn(text)],
});

/** A footnote of text that others wrote. */
export const verbatimContext = (text: string): types.ContextBlock => ({
  type: 'context',
  elements: [plain(text, LIMITS.fieldText)],
});

/** Each label over its value, two to a row. Facts without a value are left out. */
export function facts(rows: [label: string, value: Value | undefined][]): types.SectionBlock[] {
  const fields = rows.flatMap(([label, value]) =>
    value === undefined ? [] : [fact(label, value)],
  );
  return inSections(fields);
}

/** Our own mrkdwn on the left, text that others wrote on the right. */
export function pairs(rows: [ours: string, theirs: string][]): types.SectionBlock[] {
  const fields = rows.flatMap(([ours, theirs]) => [mrkdwn(ours), plain(theirs, VALUE_LENGTH)]);
  return inSections(fields);
}

function inSections(fields: types.TextObject[]): types.SectionBlock[] {
  const sections: types.SectionBlock[] = [];
  for (let start = 0; start < fields.length; start += LIMITS.sectionFields) {
    const part = fields.slice(start, start + LIMITS.sectionFields);
    sections.push({ type: 'section', fields: part });
  }
  return sections;
}

/** Figures, each with a caption of ours below it. */
export const figures = (all: [value: string, words: string][]): types.SectionBlock => ({
  type: 'section',
  fields: all
    .slice(0, LIMITS.sectionFields)
    .map(([value, words]) => mrkdwn(`*${value}*\n${words}`)),
});

const VALUE_LENGTH = 300;

/** A value in which Slack could read markup makes the whole fact plain text, its label included. */
function fact(label: string, value: Value): types.PlainTextElement | types.MrkdwnElement {
  if (value instanceof Date) return mrkdwn(`*${label}*\n${dateTime(value, 'moment')}`);
  if (typeof value !== 'string') return mrkdwn(`*${label}*\n${value.mrkdwn}`);
  const text = oneLine(value, VALUE_LENGTH) || '-';
  if (mayHoldMarkup(text)) return { type: 'plain_text', text: `${label}\n${text}`, emoji: false };
  // `verbatim`: Slack makes no links of addresses.
  return { ...mrkdwn(`*${label}*\n${escapeMrkdwn(text)}`), verbatim: true };
}

/**
 * A table whose first row is its header. Only in messages, one per message. If Slack's limits leave rows
 * out, the last row says how many. Cells are rich text, in which Slack reads no markup.
 */
export function table(rows: string[][], columns: { wrap?: boolean }[] = []): types.TableBlock {
  const [head = [], ...all] = rows.map((row) => even(row, rows[0]));
  const fit = rowsThatFit([head, ...all]);
  const shown = fit < all.length ? cut([head, ...all]) : all;
  const settings = columns.slice(0, head.length);
  return {
    type: 'table',
    rows: [
      head.map((text) => ({ type: 'raw_text' as const, text })),
      ...shown.map((row) => row.map(cell)),
    ],
    ...(settings.length > 0 && {
      column_settings: settings.map(({ wrap = false }) => ({ is_wrapped: wrap })),
    }),
  };
}

/** Slack refuses rows of different lengths and empty cells. */
const even = (row: string[], head: string[] = []): string[] =>
  head.slice(0, LIMITS.tableColumns).map((_, column) => row[column] || '-');

/** How many rows fit into a table below its header. `spare` characters and rows are left free. */
export function rowsThatFit(
  [head = [], ...rows]: string[][],
  spare = { letters: 0, rows: 0 },
): number {
  const lettersOf = (row: string[]) => row.reduce((sum, text) => sum + (text || '-').length, 0);
  let letters = spare.letters + lettersOf(head);
  const past = rows.slice(0, LIMITS.tableRows - 1 - spare.rows).findIndex((row) => {
    letters += lettersOf(row);
    return letters > LIMITS.tableLetters;
  });
  return past < 0 ? Math.min(rows.length, LIMITS.tableRows - 1 - spare.rows) : past;
}

/** As many rows as fit, and how many more there are. */
function cut([head = [], ...rows]: string[][]): string[][] {
  const words = (left: number) => even([`… and ${left.toLocaleString('en-GB')} more`], head);
  const letters = words(rows.length).join('').length;
  const fit = rowsThatFit([head, ...rows], { letters, rows: 1 });
  return [...rows.slice(0, fit), words(rows.length - fit)];
}

const cell = (text: string): types.RichTextBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});

export type ButtonOptions = {
  action: string;
  value?: string;
  style?: 'primary' | 'danger';
  confirm?: { title: string; text: string; yes: string; no: string; style?: 'primary' | 'danger' };
};

export function button(label: string, options: ButtonOptions): types.Button {
  const { action, value, style, confirm } = options;
  return {
    type: 'button',
    text: plain(label, LIMITS.buttonText),
    action_id: action,
    ...(value !== undefined && { value }),
    ...(style && { style }),
    ...(confirm && {
      confirm: {
        title: plain(confirm.title, LIMITS.confirmTitle),
        text: plain(confirm.text, LIMITS.confirmText),
        confirm: plain(confirm.yes, LIMITS.confirmButton),
        deny: plain(confirm.no, LIMITS.confirmButton),
        ...(confirm.style && { style: confirm.style }),
      },
    }),
  };
}

export const actions = (
  ...elements: (types.Button | types.StaticSelect)[]
): types.ActionsBlock => ({
  type: 'actions',
  elements,
});

/**
 * Buttons, and a menu behind `…` after them. `blockId` comes back with whatever is chosen, in messages for
 * one person, too.
 * @param menu two to five options: https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element
 */
export const actionsWithMenu = (
  buttons: types.Button[],
  menu: { action: string; blockId: string; options: types.PlainTextOption[] },
): types.ActionsBlock => ({
  type: 'actions',
  block_id: menu.blockId,
  elements: [...buttons, { type: 'overflow', action_id: menu.action, options: menu.options }],
});

export const option = (
  text: string,
  value: string,
  description?: string,
): types.PlainTextOption => ({
  text: plain(text, LIMITS.optionText),
  value,
  ...(description && { description: plain(description, LIMITS.optionText) }),
});

export type InputOptions = { hint?: string; optional?: boolean; dispatch?: boolean };

/** An input block. Its value comes back under its `block_id`. */
export const input = (
  label: string,
  blockId: string,
  element: types.InputBlock['element'],
  { hint, optional = false, dispatch = false }: InputOptions = {},
): types.InputBlock => ({
  type: 'input',
  block_id: blockId,
  label: plain(label, LIMITS.inputLabel),
  element,
  optional,
  ...(hint && { hint: plain(hint, LIMITS.inputLabel) }),
  ...(dispatch && { dispatch_action: true }),
});

export function select(
  action: string,
  placeholder: string,
  options: types.PlainTextOption[],
  chosen?: string,
): types.StaticSelect {
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: 'static_select',
    action_id: action,
    placeholder: plain(placeholder, LIMITS.placeholder),
    options,
    ...(initial && { initial_option: initial }),
  };
}

export const textInput = (
  action: string,
  { placeholder, initial, max }: { placeholder?: string; initial?: string; max: number },
): types.PlainTextInput => ({
  type: 'plain_text_input',
  action_id: action,
  max_length: max,
  ...(placeholder && { placeholder: plain(placeholder, LIMITS.placeholder) }),
  ...(initial && { initial_value: initial }),
});

/** One paragraph in our own words, as a whole message. */
export const sentence = (text: string): Message => ({ text, blocks: [paragraph(text)] });

/** One paragraph of text that others wrote, as a whole message. */
export const verbatimSentence = (text: string): Message => ({
  text: escapeMrkdwn(text),
  blocks: [verbatim(text)],
});

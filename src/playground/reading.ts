import type {
  Block,
  Message,
  SlackChannel,
  SlackGroup,
  SlackPerson,
  View,
} from './workspace/index.ts';
import { MORE_ACTIONS } from './workspace/index.ts';

// What a person reads on the screen, as text: for the terminal, and for tests.

export type Directory = { people: SlackPerson[]; groups: SlackGroup[]; channels: SlackChannel[] };

type Text = { type: string; text: string };
type Option = { text: Text; value: string; description?: Text };
type Element = {
  type: string;
  text?: Text;
  placeholder?: Text;
  options?: Option[];
  initial_option?: Option;
  initial_value?: string;
  confirm?: { title: Text; text: Text };
  action_id?: string;
};

const EMOJI: Record<string, string> = {
  ':large_green_circle:': '🟢',
  ':red_circle:': '🔴',
  ':warning:': '⚠️',
  ':no_entry:': '⛔',
  ':lock:': '🔒',
  ':unlock:': '🔓',
  ':key:': '🔑',
  ':shield:': '🛡️',
  ':raised_hand:': '✋',
  ':white_check_mark:': '✅',
  ':x:': '❌',
  ':rotating_light:': '🚨',
  ':hourglass_flowing_sand:': '⏳',
  ':eyes:': '👀',
  ':chart_with_upwards_trend:': '📈',
};

/**
 * Something on the screen that can be used. `kind` is Slack's element type, or a button of a modal's frame.
 */
export type Control = {
  kind: string;
  /** Its label, or that of its block, by which it is found. */
  label: string;
  confirm?: { title: Text; text: Text };
};

/** Called with each control in screen order; what it returns is shown before the control. */
export type Mark = (control: Control) => string;

/** A message or a modal, line by line. Buttons are `[ in brackets ]`, inputs `Label: ____`. */
export function read(shown: Message | View, directory: Directory, mark: Mark = () => ''): string {
  const say: Say = (text) => (text.type === 'mrkdwn' ? mrkdwn(text.text, directory) : text.text);
  if (shown.kind === 'message') {
    if (shown.deleted) return '(deleted)';
    const blocks = shown.blocks.map((block) => readBlock(block, say, mark));
    const files = (shown.files ?? []).map(({ name }) => `(file) ${name}`);
    const content = blocks.join('\n') || mrkdwn(shown.text, directory);
    return [content, ...files].filter(Boolean).join('\n');
  }
  const { title, blocks, submit, close } = shown.view;
  const body = blocks.map((block) => readBlock(block, say, mark));
  const frame = (kind: string, button: { text: string } | undefined) =>
    button ? [`${mark({ kind, label: button.text })}[ ${button.text} ]`] : [];
  const buttons = [...frame('submit', submit), ...frame('close', close)];
  return [`== ${title?.text ?? ''} ==`, ...body, buttons.join('  ')].filter(Boolean).join('\n');
}

type Say = (text: Text) => string;

function readBlock(block: Block, say: Say, mark: Mark): string {
  switch (block.type) {
    case 'header':
      return `# ${say(block.text as Text)}`;
    case 'section': {
      const { text, fields = [] } = block as { text?: Text; fields?: Text[] };
      return [...(text ? [say(text)] : []), ...fields.map(say).map(readField)].join('\n');
    }
    case 'context':
      return `  ${(block.elements as Text[]).map(say).join(' ')}`;
    case 'table':
      return readTable(block.rows as Cell[][]);
    case 'data_table':
      return `${block.caption}\n${readTable(block.rows as Cell[][])}`;
    case 'container': {
      const { title, child_blocks } = block as unknown as Container;
      const children = child_blocks.map((child) => readBlock(child, say, mark));
      return [`▾ ${title ? say(title) : ''}`, ...children].join('\n');
    }
    case 'alert':
      return `! ${say(block.text as Text)}`;
    case 'data_visualization':
      return readChart(block as unknown as ChartBlock);
    case 'actions':
      return (block.elements as Element[])
        .map((element) => readElement(element, say, mark))
        .join('  ');
    case 'input': {
      const { label, element, optional } = block as unknown as InputBlock;
      return `${say(label)}${optional ? ' (optional)' : ''}: ${readElement(element, say, mark, say(label))}`;
    }
    case 'divider':
      return '---';
    default:
      return `(${block.type})`;
  }
}

type Container = { title?: Text; child_blocks: Block[] };
type InputBlock = { label: Text; element: Element; optional?: boolean };

function readElement(element: Element, say: Say, mark: Mark, blockLabel?: string): string {
  const { type, text, options, initial_option, initial_value, placeholder, confirm } = element;
  const label = blockLabel ?? (type === 'overflow' ? MORE_ACTIONS : text ? say(text) : '');
  const marked = mark({ kind: type, label, ...(confirm && { confirm }) });
  if (type === 'button') return `${marked}[ ${label} ]`;
  const choices = options?.map((option) => readOption(option, say)).join(' | ');
  if (type === 'overflow') return `${marked}[ … ${choices} ]`;
  const chosen = initial_option ? ` = ${say(initial_option.text)}` : '';
  const hint = placeholder ? ` (${say(placeholder)})` : '';
  if (choices) return `${marked}(${choices})${chosen}`;
  return `${marked}____${initial_value ? ` = ${initial_value}` : hint}`;
}

const readOption = ({ text, description }: Option, say: Say) =>
  description ? `${say(text)} (${say(description)})` : say(text);

/** A label above its value, or a figure above its caption. */
const readField = (said: string) => said.replace('\n', /^\d/.test(said) ? ' ' : ': ');

function readTable(rows: Cell[][]): string {
  const cells = rows.map((row) => row.map(readCell));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => [...(row[column] ?? '')].length)),
  );
  const line = (row: string[]) =>
    row
      .map((text, column) => text + ' '.repeat((widths[column] ?? 0) - [...text].length))
      .join(' | ')
      .trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), widths.map((width) => '-'.repeat(width)).join('-|-'), ...body.map(line)].join(
    '\n',
  );
}

type Cell = Text | { type: 'rich_text'; elements: { elements: Text[] }[] };

/** Neither kind has markup. */
const readCell = (cell: Cell): string =>
  'elements' in cell
    ? cell.elements.flatMap(({ elements }) => elements.map(({ text }) => text)).join('')
    : cell.text;

type Point = { label: string; value: number };
type ChartBlock = {
  title: string;
  chart:
    | { type: 'pie'; segments: Point[] }
    | {
        type: 'line' | 'bar' | 'area';
        series: { name: string; data: Point[] }[];
        axis_config: { categories: string[] };
      };
};

/** The points in the order of the axis, which may differ from that of the data. */
function readChart({ title, chart }: ChartBlock): string {
  const head = `(${chart.type} chart) ${title}`;
  if (chart.type === 'pie') return `${head}\n  ${readPoints(chart.segments)}`;
  const { categories } = chart.axis_config;
  const along = (data: Point[]) =>
    categories.flatMap((category) => data.filter(({ label }) => label === category));
  const lines = chart.series.map(({ name, data }) => `  ${name}: ${readPoints(along(data))}`);
  return [head, ...lines].join('\n');
}

const readPoints = (points: Point[]) =>
  points.map(({ label, value }) => `${label} ${value.toLocaleString('en')}`).join(' · ');

/** Slack's markup as a reader sees it. Anything else in angle brackets stands out. */
function mrkdwn(text: string, { people, groups, channels }: Directory): string {
  const shown = text.replace(/<([^<>]*)>/g, (token, inside: string) => {
    const [target = '', label] = inside.split('|');
    if (target.startsWith('!date^')) return readDate(target);
    if (target.startsWith('@')) return `@${people.find(({ id }) => id === target.slice(1))?.name}`;
    if (target.startsWith('!subteam^')) {
      return `@${groups.find(({ id }) => id === target.slice(9))?.handle}`;
    }
    if (target.startsWith('#'))
      return `#${channels.find(({ id }) => id === target.slice(1))?.name}`;
    if (target.startsWith('!')) return `(NOTIFIES ${target.slice(1)})`;
    return label ? `(LINK ${target} ${label})` : `(LINK ${token})`;
  });
  return shown
    .replace(/:[a-z_]+:/g, (code) => EMOJI[code] ?? code)
    .replace(/\*([^*\n]+)\*/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Slack's tokens, in UTC. A token that Slack does not know stands out. */
function readDate(token: string): string {
  const [, seconds, format = ''] = token.split('^');
  const iso = new Date(Number(seconds) * 1000).toISOString();
  const tokens: Record<string, string> = {
    '{date_num}': iso.slice(0, 10),
    '{date}': iso.slice(0, 10),
    '{date_short}': iso.slice(0, 10),
    '{date_long}': iso.slice(0, 10),
    '{date_pretty}': iso.slice(0, 10),
    '{date_short_pretty}': iso.slice(0, 10),
    '{date_long_pretty}': iso.slice(0, 10),
    '{time}': iso.slice(11, 16),
    '{time_secs}': iso.slice(11, 19),
  };
  return format.replace(/\{[^}]*\}/g, (name) => tokens[name] ?? `(UNKNOWN ${name})`);
}

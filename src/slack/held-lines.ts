import { type Block, context, type Message, paragraph } from './blocks.ts';
import type { Priority } from './channel-turns.ts';
import { URGENCY } from './channel-turns.ts';
import { dateTime } from './mrkdwn.ts';

/** What a channel is to read, without buttons. */
export type Line = Pick<Message, 'text' | 'blocks'> & {
  priority: Priority;
  /** What it is counted as where there is no room for all: it follows "14 more". In mrkdwn of ours. */
  kind: string;
  /** Stands in the log where the channel does not get the line. */
  incident: string;
};

/** What one message says. */
export type Part = {
  message: Message;
  lines: readonly Held[];
  counts: [kind: string, n: number][];
};

type Held = Line & { at: number };

/** Lines that are held whole: of urgent ones, of all others, and of one kind of these. */
const WHOLE = { urgent: 200, others: 30, ofAKind: 3 };

/** Kinds that are counted by name, and what the rest is counted as. */
const KINDS = 50;
const OTHERS = 'other lines';

/**
 * What one message holds. Slack takes 50 blocks, and no more than some 12,000 characters of them.
 * @see https://github.com/slackapi/bolt-js/issues/2509
 */
const LINES = 16;
const CHARACTERS = 8000;
const KINDS_SHOWN = 10;

/** A line that comes later than this says when it happened, in milliseconds. */
const LATE = 10_000;

/** So many incident numbers are enough for the log. */
const INCIDENTS = 20;

/** Lines that wait for their channel. However many there are, they take no more than so much room. */
export function createHeldLines() {
  let whole: Held[] = [];
  const counted = new Map<string, number>();

  /** Whether there is room for one more of these. */
  function fits({ priority, kind }: Line): boolean {
    const isUrgent = isMoreUrgent(priority);
    const alike = whole.filter((one) => isMoreUrgent(one.priority) === isUrgent);
    if (isUrgent) return alike.length < WHOLE.urgent;
    const ofAKind = alike.filter((one) => one.kind === kind).length;
    return alike.length < WHOLE.others && ofAKind < WHOLE.ofAKind && !counted.has(kind);
  }

  return {
    add(line: Held): void {
      if (fits(line)) {
        whole.push(line);
        whole.sort((a, b) => rank(a.priority) - rank(b.priority));
        return;
      }
      const kind = counted.has(line.kind) || counted.size < KINDS ? line.kind : OTHERS;
      counted.set(kind, (counted.get(kind) ?? 0) + 1);
    },
    mostUrgent: (): Priority | undefined =>
      whole[0]?.priority ?? (counted.size > 0 ? 'refusal' : undefined),
    /** The most urgent lines, as far as one message holds them; counts come once no line is left. */
    next(now: number): Part {
      const lines: Held[] = [];
      const blocks: Block[] = [];
      for (const line of whole.slice(0, LINES)) {
        const more = withTime(line, now);
        if (lines.length > 0 && JSON.stringify([blocks, more]).length > CHARACTERS) break;
        lines.push(line);
        blocks.push(...more);
      }
      const counts = lines.length < whole.length ? [] : [...counted].slice(0, KINDS_SHOWN);
      const sums = counts.map(([kind, n]) => `${n} more ${kind}.`);
      if (sums.length > 0) blocks.push(paragraph(sums.join('\n')));
      const texts = [...lines.map(({ text }) => text), ...sums];
      const more = texts.length > 1 ? ` And ${texts.length - 1} more.` : '';
      return { message: { text: `${texts[0] ?? ''}${more}`, blocks }, lines, counts };
    },
    /** They were posted. What came meanwhile stays. */
    remove({ lines, counts }: Part): void {
      whole = whole.filter((line) => !lines.includes(line));
      for (const [kind, n] of counts) {
        const left = (counted.get(kind) ?? 0) - n;
        if (left > 0) counted.set(kind, left);
        else counted.delete(kind);
      }
    },
    isEmpty: () => whole.length === 0 && counted.size === 0,
    /** All that waits. */
    missing: () => ({
      lines: whole.length + [...counted.values()].reduce((sum, n) => sum + n, 0),
      incidents: whole.slice(0, INCIDENTS).map(({ incident }) => incident),
    }),
  };
}

const rank = (priority: Priority) => URGENCY.indexOf(priority);

/** More than refusals, which anybody can cause. */
const isMoreUrgent = (priority: Priority) => rank(priority) < rank('refusal');

const withTime = ({ blocks, at }: Held, now: number): Block[] =>
  now - at <= LATE ? blocks : [...blocks, context(dateTime(new Date(at), 'moment'))];

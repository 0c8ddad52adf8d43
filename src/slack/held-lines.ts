import { type Block, context, type Message, paragraph } from './blocks.ts';
import type { Priority } from './channel-turns.ts';
import { URGENCY } from './channel-turns.ts';
import { dateTime } from './mrkdwn.ts';

/** A line for a channel, without buttons. */
export type Line = Pick<Message, 'text' | 'blocks'> & {
  priority: Priority;
  /** What follows "14 more" when there is no room for all. Our own mrkdwn. */
  kind: string;
  /** For the log, if the channel does not get the line. */
  incident: string;
};

/** The content of one message. */
export type Part = {
  message: Message;
  lines: readonly Held[];
  counts: [kind: string, n: number][];
};

type Held = Line & { at: number };

/** How many lines are kept in full: urgent ones, all others, and of one kind among these. */
const WHOLE = { urgent: 200, others: 30, ofAKind: 3 };

/** How many kinds are counted by name, and the name for the rest. */
const KINDS = 50;
const OTHERS = 'other lines';

/**
 * What fits into one message. Slack takes 50 blocks with about 12,000 characters in all.
 * @see https://github.com/slackapi/bolt-js/issues/2509
 */
const LINES = 16;
const CHARACTERS = 8000;
const KINDS_SHOWN = 10;

/** A line posted later than this says when it happened, in milliseconds. */
const LATE = 10_000;

/** How many incident numbers to log. */
const INCIDENTS = 20;

/** Lines that wait for their channel, in bounded memory. */
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
    /** The most urgent lines that fit into one message; counts follow once no lines are left. */
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
    /** They were posted; keeps what came meanwhile. */
    remove({ lines, counts }: Part): void {
      whole = whole.filter((line) => !lines.includes(line));
      for (const [kind, n] of counts) {
        const left = (counted.get(kind) ?? 0) - n;
        if (left > 0) counted.set(kind, left);
        else counted.delete(kind);
      }
    },
    isEmpty: () => whole.length === 0 && counted.size === 0,
    /** Everything that waits. */
    missing: () => ({
      lines: whole.length + [...counted.values()].reduce((sum, n) => sum + n, 0),
      incidents: whole.slice(0, INCIDENTS).map(({ incident }) => incident),
    }),
  };
}

const rank = (priority: Priority) => URGENCY.indexOf(priority);

/** More urgent than refusals, which anybody can cause. */
const isMoreUrgent = (priority: Priority) => rank(priority) < rank('refusal');

const withTime = ({ blocks, at }: Held, now: number): Block[] =>
  now - at <= LATE ? blocks : [...blocks, context(dateTime(new Date(at), 'moment'))];

import type { Exchange } from '../../../src/playground/workspace/index.ts';
import { isAboutOpening, isInterim, isTrouble, type Seen, seen, tellsErased } from './messages.ts';

/** How a command ended, as its agent and the log's reader know it. */
export const ENDS = [
  'answered',
  'told a failure',
  'shown, logged as lost',
  'failure logged',
  'Slack said it failed',
  'died with the process',
  'LOST SILENTLY',
  'ANSWERED TWICE',
] as const;
export type End = (typeof ENDS)[number];

/** Longer than anything may take: 15 s for look-ups, 5 s for posting, and time for a slow machine. */
const PATIENCE = 35_000;

export type Entry = ReturnType<typeof createEntry>;

/** One command, from the request to its results. */
export function createEntry(agent: string, what: string, fault: string) {
  const startedAt = Date.now();
  const came: Seen[] = [];
  const looking = new Set<() => void>();
  let gaveUp = false;
  let refusedBySlack = false;
  let died = false;
  let ms = 0;
  const changed = () => {
    for (const look of looking) look();
  };

  const formOpened = () => came.some(({ kind }) => kind === 'view');

  /** The outcomes that the agent reads. An erased code does not count again. */
  function outcomes(): Seen[] {
    const messages = came.filter((one) => one.kind === 'message' && !isInterim(one));
    const lasting = messages.filter((one, index) => index === 0 || !tellsErased(one));
    const ofForm = lasting.filter((one) => !isAboutOpening(one));
    return formOpened() && ofForm.length > 0 ? ofForm : lasting;
  }
  const isOver = () => outcomes().length > 0 || gaveUp || refusedBySlack || died;

  const entry = {
    agent,
    what,
    fault,
    outcomes,
    isOver,
    /** From the request to its result, in milliseconds. */
    ms: () => ms,
    /** Follows the exchange from now on. */
    async follow(exchange: Exchange): Promise<void> {
      if (!exchange.acknowledged.ok) entry.slackRefused();
      for (;;) {
        came.push(seen(await exchange.answer(10 * 60_000)));
        changed();
      }
    },
    slackRefused(): void {
      refusedBySlack = true;
      changed();
    },
    gaveUp(): void {
      gaveUp = true;
      changed();
    },
    died(): void {
      died = !isOver();
      changed();
    },
    /** Resolves when it has ended, or with `orForm` when a form has opened. */
    async ended({ orForm = false } = {}): Promise<void> {
      const isSo = () => isOver() || (orForm && formOpened());
      await new Promise<void>((resolve) => {
        const look = () => {
          if (isSo()) resolve();
        };
        looking.add(look);
        setTimeout(resolve, PATIENCE).unref();
        look();
      });
      looking.clear();
      if (!isOver() && orForm) return;
      ms = Date.now() - startedAt;
    },
    end(): End {
      const count = outcomes().length;
      if (count > 1) return 'ANSWERED TWICE';
      const formGivenUp = formOpened() && came.some(isAboutOpening);
      if (count === 1 && (gaveUp || formGivenUp)) return 'shown, logged as lost';
      if (count === 1) return outcomes().some(isTrouble) ? 'told a failure' : 'answered';
      if (gaveUp) return 'failure logged';
      if (refusedBySlack) return 'Slack said it failed';
      return died ? 'died with the process' : 'LOST SILENTLY';
    },
  };
  return entry;
}

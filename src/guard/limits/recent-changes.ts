import { z } from 'zod';
import { eventsThat, meaningOf, type Row } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { State } from '../../store/state.ts';
import { EARLIER } from '../change/changes.ts';
import { changeOf } from '../change/rows.ts';
import type { Limits } from './limits.ts';
import type { UsedCards } from './used-cards.ts';

/** Keeps counting what an earlier process requested, and keeps its cards used. */
export type RecentChanges = {
  /** Call with each row that is written. */
  heard(row: Row): void;
  /** Counts what another process has written to the trail meanwhile. */
  heardOfOthers(rows: Row[]): void;
  /**
   * Counts what the state holds and what these rows tell, oldest first. If the state holds nothing,
   * also searches for older rows, and resolves when that is done. Never throws.
   */
  recall(rows: Row[], search: () => Promise<Row[]>): Promise<void>;
};

/** The longest period of any limit, in milliseconds. */
const DAY = 24 * 60 * 60_000;

/** At about 150 bytes each, they fit into the state beside the switches. */
const MOST = 10_000;

/** Their key in the state. */
export const RECENT = 'codes';

const Recent = z.object({
  incident: z.string(),
  /** In milliseconds since 1970. */
  at: z.number(),
  card: z.string().optional(),
  /** Slack user id and SecurID user id; left out if the change was not made. */
  agent: z.string().optional(),
  user: z.string().optional(),
  /** The change's name. */
  change: z.string().optional(),
});
type Recent = z.output<typeof Recent>;

/** The events about changes and cards. */
export const CHANGE_EVENTS = eventsThat(({ change, usesCard }) => change ?? usesCard);

/** One request may make two changes. */
const keyOf = ({ incident, change = EARLIER }: Pick<Recent, 'incident' | 'change'>) =>
  `${incident} ${change}`;

/**
 * Merges what two processes wrote to one state and keeps everything. A change that was not made may
 * count, but none that was made may be missed.
 */
export function mergeChanges(theirs: unknown, ours: unknown): unknown {
  const [one = [], other = []] = [theirs, ours].map((all) => z.array(Recent).safeParse(all).data);
  const known = new Set(other.map(keyOf));
  const merged = [...one.filter((each) => !known.has(keyOf(each))), ...other];
  return merged.sort((a, b) => a.at - b.at).slice(-MOST);
}

type Wiring = { limits: Limits; usedCards: UsedCards; state: State; clock: Clock; log: Log };

/** Keeps the changes and used cards of the last day in the state, following the audit trail. */
export function createRecentChanges({
  limits,
  usedCards,
  state,
  clock,
  log,
}: Wiring): RecentChanges {
  /** Oldest first. The state writes it as it is then. */
  const recent: Recent[] = [];
  const byKey = new Map<string, Recent>();
  /** Rows written while the state and the trail are still being read. */
  let early: Row[] | undefined = [];
  /** An incomplete list in the state would be taken for a complete one. */
  let isComplete = false;

  function keep(one: Recent): void {
    const known = byKey.get(keyOf(one));
    if (known) Object.assign(known, one);
    else recent.push(one);
    byKey.set(keyOf(one), known ?? one);
    const past = recent.findIndex(({ at }) => at > clock.now() - DAY);
    const old = Math.max(past === -1 ? recent.length : past, recent.length - MOST);
    for (const each of recent.splice(0, old)) byKey.delete(keyOf(each));
    if (isComplete) state.remember(RECENT, recent);
  }

  function heed(row: Row): void {
    const { event, incident, time, actor, target, card } = row;
    const change = changeOf(row);
    const known = byKey.get(keyOf({ incident, change }));
    const use: Recent = { change, incident, at: Date.parse(time), ...(card && { card }) };
    const made: Recent = {
      ...use,
      ...(actor && { agent: actor }),
      ...(target && { user: target }),
    };
    if (event === 'intent') keep(made);
    if (event === 'not done' && known) keep({ ...known, agent: undefined, user: undefined });
    // Its intent comes first, unless that row was not read.
    if ((event === 'done' || event === 'unknown') && !known) keep(made);
    if (meaningOf(event).usesCard && card && !known) keep(use);
  }

  function count(): void {
    for (const { change = EARLIER, incident, at, card, agent, user } of recent) {
      if (agent && user) limits.recall({ change, incident, agentId: agent, userId: user }, at);
      if (card) usedCards.recall(card, at);
    }
  }

  return {
    heard(row) {
      if (early) early.push(row);
      else heed(row);
    },
    heardOfOthers(rows) {
      for (const row of rows) heed(row);
      count();
    },
    async recall(rows, search) {
      const { data: left } = z.array(Recent).safeParse(state.get(RECENT));
      for (const one of left ?? []) keep(one);
      for (const row of [...rows, ...(early ?? [])]) heed(row);
      early = undefined;
      count();
      try {
        if (!left) for (const row of await search()) heed(row);
        count();
        isComplete = true;
        state.remember(RECENT, recent);
      } catch (error) {
        log.error({ err: error }, 'changes of an earlier process could not be counted');
      }
    },
  };
}

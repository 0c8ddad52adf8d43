import { z } from 'zod';
import { eventsThat, meaningOf, type Row } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { State } from '../../store/state.ts';
import { EARLIER } from '../change/changes.ts';
import { changeOf } from '../change/rows.ts';
import type { Limits } from './limits.ts';
import type { UsedCards } from './used-cards.ts';

/** What an earlier process asked for still counts, and its cards stay used. */
export type RecentChanges = {
  /** A row was written. */
  heard(row: Row): void;
  /** Another process wrote the trail meanwhile: what it asked for counts here as well. */
  heardOfOthers(rows: Row[]): void;
  /**
   * Counts at once what was left and what these rows tell, oldest first. Where nothing was left, older rows
   * are searched for as well: that is what is waited for. Never throws.
   */
  recall(rows: Row[], search: () => Promise<Row[]>): Promise<void>;
};

/** The longest time within which anything is counted. */
const DAY = 24 * 60 * 60_000;

/** At about 150 bytes each they fit into the state beside the switches. */
const MOST = 10_000;

/** Their part of the state. */
export const RECENT = 'codes';

const Recent = z.object({
  incident: z.string(),
  /** In milliseconds since 1970. */
  at: z.number(),
  card: z.string().optional(),
  /** Slack user id and SecurID user id; left out where nothing came of it. */
  agent: z.string().optional(),
  user: z.string().optional(),
  /** Its name. */
  change: z.string().optional(),
});
type Recent = z.output<typeof Recent>;

/** The events that tell of changes and cards. */
export const CHANGE_EVENTS = eventsThat(({ change, usesCard }) => change ?? usesCard);

/** Of what two processes put into one state, all of it: what came to nothing may count, and not the other way round. */
export function mergeChanges(theirs: unknown, ours: unknown): unknown {
  const [one = [], other = []] = [theirs, ours].map((all) => z.array(Recent).safeParse(all).data);
  const known = new Set(other.map(({ incident }) => incident));
  const merged = [...one.filter(({ incident }) => !known.has(incident)), ...other];
  return merged.sort((a, b) => a.at - b.at).slice(-MOST);
}

type Wiring = { limits: Limits; usedCards: UsedCards; state: State; clock: Clock; log: Log };

/** Keeps the changes and used cards of the last day in the state, as the audit trail tells them. */
export function createRecentChanges({
  limits,
  usedCards,
  state,
  clock,
  log,
}: Wiring): RecentChanges {
  /** The oldest first. The state writes it as it is then. */
  const recent: Recent[] = [];
  const byIncident = new Map<string, Recent>();
  /** Rows that are written while what was left is still being read. */
  let early: Row[] | undefined = [];
  /** What is kept before would be taken for all there was. */
  let isComplete = false;

  function keep(one: Recent): void {
    const known = byIncident.get(one.incident);
    if (known) Object.assign(known, one);
    else recent.push(one);
    byIncident.set(one.incident, known ?? one);
    const past = recent.findIndex(({ at }) => at > clock.now() - DAY);
    const old = Math.max(past === -1 ? recent.length : past, recent.length - MOST);
    for (const { incident } of recent.splice(0, old)) byIncident.delete(incident);
    if (isComplete) state.remember(RECENT, recent);
  }

  function heed(row: Row): void {
    const { event, incident, time, actor, target, card } = row;
    const known = byIncident.get(incident);
    const change = changeOf(row);
    const use: Recent = { change, incident, at: Date.parse(time), ...(card && { card }) };
    const made: Recent = {
      ...use,
      ...(actor && { agent: actor }),
      ...(target && { user: target }),
    };
    if (event === 'intent') keep(made);
    if (event === 'not done' && known) keep({ ...known, agent: undefined, user: undefined });
    // Its intent comes first, unless it was not read.
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

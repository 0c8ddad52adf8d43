import { z } from 'zod';
import { createCache } from '../../cache.ts';
import type { GuardServices } from '../services.ts';
import { Made } from './made.ts';

/** A user's report of a change that they did not ask for. */
export const Report = Made.extend({
  id: z.uuid(),
  /** In milliseconds since 1970. */
  reportedAt: z.number(),
  /** The message of its alert, if it could be posted. */
  alert: z.object({ channel: z.string(), ts: z.string() }).optional(),
  /** Whether it was asked for what a report ends, such as emergency access. */
  endingAsked: z.boolean().optional(),
  /** Slack user id of whoever lifted the block. */
  liftedBy: z.string().optional(),
});
export type Report = z.output<typeof Report>;

export type Reports = {
  /**
   * False for a second press on the same notice, until the block is lifted. If
   * only the store says so and holds no such report, it counts as a first press:
   * better two alerts than none. Never throws.
   */
  isFirst(made: Made): Promise<boolean>;
  /** Never throws: the block stays even if its report cannot be kept. */
  keep(report: Report): Promise<void>;
  /**
   * The reports behind a user's block, oldest first; empty if they are no longer known.
   * @throws StoreError
   */
  open(target: string): Promise<Report[]>;
  /** Remembers who lifted the block. Never throws. */
  close(reports: Report[], by: string): Promise<void>;
  find(id: string): Promise<Report | undefined>;
  /** Reports that this instance took, whose users are blocked and whose alerts were not posted. */
  withoutAlert(): Report[];
};

/** How long an alert may wait for somebody, in milliseconds. */
export const LIFETIME = 90 * 24 * 60 * 60_000;

/** A second press within this time is the same report. In milliseconds. */
const AGAIN = 60_000;

const PURPOSE = 'report';
const PART = 'reports';

/** For how many users the state keeps reports. */
const MOST = 1000;

const Kept = z.record(z.string(), z.array(Report)).catch({});

/** How many presses to remember. */
const PRESSES = 1000;

type Matter = Pick<Made, 'incident' | 'change'>;

type Wiring = Pick<GuardServices, 'store' | 'state' | 'slack' | 'clock' | 'log'>;

/**
 * Who reported which change, and who had made and approved it. The store has it for
 * all instances; the state of the instance that took the report has it for the next
 * start, and for a store that lost it.
 */
export function createReports({ store, state, slack: { seal }, clock, log }: Wiring): Reports {
  const pressedHere = createCache<string, true>({ max: PRESSES, lifetime: AGAIN, clock });
  const key = (id: string) => `report ${id}`;
  /** One request may make two changes, and the user is told of each. */
  const pressed = ({ incident, change }: Matter) => `reported ${incident} ${change}`;
  const list = (target: string) => `reports of ${target}`;

  async function write(report: Report): Promise<void> {
    await store.set(key(report.id), await seal.close(PURPOSE, report, LIFETIME), LIFETIME);
  }

  async function find(id: string): Promise<Report | undefined> {
    const kept = await store.get(key(id));
    return Report.safeParse(kept && (await seal.open(PURPOSE, kept))).data;
  }

  const own = () => Kept.parse(state.get(PART) ?? {});

  async function remember(target: string, reports: Report[]): Promise<void> {
    const { [target]: _, ...others } = own();
    const kept = { ...others, ...(reports.length > 0 && { [target]: reports }) };
    await state.put(PART, Object.fromEntries(Object.entries(kept).slice(-MOST)));
  }

  async function open(target: string): Promise<Report[]> {
    const ids = await store.gather(list(target), '', LIFETIME);
    const reports = await Promise.all(ids.filter(Boolean).map(find));
    const unlifted = reports.flatMap((one) => (one && one.liftedBy === undefined ? [one] : []));
    if (unlifted.length > 0) return unlifted;
    // Another instance may have closed what this one took.
    const closed = new Set(reports.map((one) => one?.id));
    return (own()[target] ?? []).filter(({ id }) => !closed.has(id));
  }

  async function trying(what: Promise<unknown>, { id, target }: Report): Promise<void> {
    await what.catch((error) => {
      log.warn({ err: error, report: id, target }, 'a report could not be kept everywhere');
    });
  }

  return {
    async isFirst(made) {
      const key = pressed(made);
      const isNew = await store.add(key, '', AGAIN).catch(() => true);
      const wasHere = pressedHere.get(key);
      pressedHere.set(key, true);
      if (isNew || wasHere) return isNew;
      const known = await open(made.target).catch(() => []);
      return !known.some((one) => pressed(one) === key);
    },
    find,
    withoutAlert: () =>
      Object.values(own())
        .flat()
        .filter(({ alert }) => alert === undefined),
    async keep(report) {
      const { target } = report;
      const others = (own()[target] ?? []).filter(({ id }) => id !== report.id);
      await Promise.all([
        trying(remember(target, [...others, report]), report),
        trying(write(report), report),
        trying(store.gather(list(target), report.id, LIFETIME), report),
      ]);
    },
    open,
    async close(reports, by) {
      for (const report of reports) {
        await Promise.all([
          trying(write({ ...report, liftedBy: by }), report),
          trying(remember(report.target, []), report),
          trying(store.remove(pressed(report)), report),
        ]);
      }
    },
  };
}

import {
  type Audit,
  eventsThat,
  type Found,
  meaningOf,
  Position,
  type Row,
} from '../../audit/index.ts';
import type { Log } from '../../log.ts';
import type { State } from '../../store/state.ts';
import { see } from '../../troubleshooting.ts';
import { LEFT, mergeLeft } from '../approval/left.ts';
import { mergeChanges, RECENT } from '../limits/recent-changes.ts';
import { mergeSwitches, SWITCHES } from './ledger.ts';
import type { Earlier } from './switches.ts';

/** What one process leaves for the next, besides its switches. */
export type Handover = {
  /** Reads what the last process left, and the last row about the matter. */
  open(): Promise<{ earlier: Earlier; last: unknown }>;
  /** Call with each row that is written. */
  heard(row: Row): void;
  /** Notes up to which row the state being written covers the trail. */
  mark(): void;
};

/** After this many rows the state is written anyway, so that the next start has few to read. */
const MANY = 1000;

const TRAIL = 'trail';

/** Merges what two processes wrote to one state while one took over from the other. */
export function mergeState(name: string, theirs: unknown, ours: unknown): unknown {
  if (name === SWITCHES) return mergeSwitches(theirs, ours);
  if (name === RECENT) return mergeChanges(theirs, ours);
  if (name === LEFT) return mergeLeft(theirs, ours);
  if (name !== TRAIL) return ours;
  const [one, other] = [Position.safeParse(theirs).data, Position.safeParse(ours).data];
  return one && other && one.seq > other.seq ? one : ours;
}

/** A subject whose last row is remembered, by its name in the state. */
export type Matter = { name: string; events: ReadonlySet<string> };

type Wiring = { state: State; audit: Audit; matter: Matter; log: Log };

/** The state says how far the trail was read, so that a start can continue from there. */
export function createHandover({ state, audit, matter, log }: Wiring): Handover {
  let rows = 0;

  function mark(): void {
    rows = 0;
    state.remember(TRAIL, audit.position());
  }

  return {
    mark,
    async open() {
      const found = await state.open();
      const { data: after } = Position.safeParse(state.get(TRAIL));
      const past = await audit.open({ after });
      const hadLife = past.end !== undefined || past.gap !== undefined || past.hadKey;
      const { isCutShort } = past;
      const search = () => audit.search(eventsThat(({ sets }) => sets)).then(toHeed);
      const last = past.rows.findLast(({ event }) => matter.events.has(event));
      const rows = toHeed(past);
      return {
        earlier: { state: found, rows, hadLife, isCutShort, search },
        last: last ?? state.get(matter.name),
      };
    },
    heard({ event, target }) {
      if (matter.events.has(event)) state.remember(matter.name, { event, target });
      rows += 1;
      if (rows < MANY) return;
      rows = 0;
      state.put(TRAIL, audit.position()).catch((error) => {
        log.warn(
          { err: error, see: see('the-state-file-cannot-be-written') },
          'the state was not written: the next start reads more of the audit trail',
        );
      });
    },
  };
}

/** The rows to act on. An unsigned row may forbid, never allow. */
export const toHeed = ({ rows, isProven }: Found): Row[] =>
  rows.filter((row) => !meaningOf(row.event).loosens || isProven(row));

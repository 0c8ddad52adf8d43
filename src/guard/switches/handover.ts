import { type Audit, type Found, Position, type Row } from '../../audit/index.ts';
import type { Log } from '../../log.ts';
import type { State } from '../../store/state.ts';
import { LEFT, mergeLeft } from '../approval/left.ts';
import { CODES, mergeCodes } from '../limits/recent-codes.ts';
import { mergeOrders, ORDERS } from './ledger.ts';
import { ORDER_EVENTS, orderOf } from './names.ts';
import type { Earlier } from './switches.ts';

/** What one process leaves for the next, besides its orders. */
export type Handover = {
  /** Takes over what the last process left, and the last word about its own matter. */
  open(): Promise<{ earlier: Earlier; last: unknown }>;
  /** A row was written. */
  heard(row: Row): void;
  /** What is written to the state just now is of this point of the trail. */
  mark(): void;
};

/** After so many rows the state is written without any other reason, so that a start has few to read. */
const MANY = 1000;

const TRAIL = 'trail';

/** What counts where two processes have written to one state: for a while, where one takes over. */
export function mergeState(name: string, theirs: unknown, ours: unknown): unknown {
  if (name === ORDERS) return mergeOrders(theirs, ours);
  if (name === CODES) return mergeCodes(theirs, ours);
  if (name === LEFT) return mergeLeft(theirs, ours);
  if (name !== TRAIL) return ours;
  const [one, other] = [Position.safeParse(theirs).data, Position.safeParse(ours).data];
  return one && other && one.seq > other.seq ? one : ours;
}

/** Something of which the last row is remembered, by its name in the state. */
export type Matter = { name: string; events: ReadonlySet<string> };

type Wiring = { state: State; audit: () => Audit; matter: Matter; log: Log };

/** The state says up to where the trail was heeded; what came after it is read at the start. */
export function createHandover({ state, audit, matter, log }: Wiring): Handover {
  let rows = 0;

  function mark(): void {
    rows = 0;
    state.remember(TRAIL, audit().position());
  }

  return {
    mark,
    async open() {
      const found = await state.open();
      const { data: after } = Position.safeParse(state.get(TRAIL));
      const past = await audit().open({ after });
      const hadLife = past.end !== undefined || past.gap !== undefined || past.hadKey;
      const { isCutShort } = past;
      const search = () =>
        audit()
          .search([...ORDER_EVENTS])
          .then(toHeed);
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
      state.put(TRAIL, audit().position()).catch((error) => {
        log.warn(
          { err: error },
          'the state was not written: the next start reads more of the audit trail',
        );
      });
    },
  };
}

/** Rows that count. Whoever can write to the file, but not sign, may make it stricter and loosen nothing. */
export const toHeed = ({ rows, isProven }: Found): Row[] =>
  rows.filter((row) => !loosens(row) || isProven(row));

/** That no code came of an intent frees what it had taken of the limits. */
const loosens = (row: Row) => orderOf(row)?.on === false || row.event === 'not issued';

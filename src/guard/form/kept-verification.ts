import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Seal } from '../../slack/seal.ts';
import type { Store } from '../../store/index.ts';
import type { Risk } from '../change/risk.ts';
import type { Stops } from '../switches/stops.ts';
import { blocked, LOCKDOWN, type Switches } from '../switches/switches.ts';
import { type Caller, createKeptInStore, type Moment, type Taken } from './kept-in-store.ts';

/** A verification that still counts. */
export type KeptVerification = Pick<Taken, 'method' | 'ticket' | 'incident' | 'at'> & {
  /** Until when it counts, in milliseconds since 1970. */
  until: number;
};

/** Why there is none: none is known any more, what happened since, or the store is away. */
export type NotKept = { ended: 'over' | 'lockdown' | 'on hold' | 'untold' };

/** A change of this risk, for this ticket or for any. */
type Wanted = { risk: Risk; ticket?: string };

/** None of these throws: whatever cannot be told asks for a new verification. */
export type KeptVerifications = {
  /** Now, before the gate is asked; `undefined` if the store is away. */
  moment(userId: string): Promise<Moment | undefined>;
  /** Keeps a verification whose change was carried out or sent for approval. */
  keep(caller: Caller, verification: Taken): Promise<void>;
  /** The verification that counts now, if any. */
  find(caller: Caller, wanted: Wanted): Promise<KeptVerification | NotKept>;
  /** Ends an agent's verifications of a user: an approver did not trust them. */
  end(caller: Caller): Promise<void>;
  /** Ends all verifications by somebody who is no longer an agent. */
  forget(agentId: string): Promise<void>;
};

/** What a verification is good for, by the risk of the change that it was recorded for. */
const COUNTS_FOR: Record<Taken['risk'], readonly Risk[]> = {
  restores: ['restores'],
  grants: ['restores', 'grants'],
};

type Wiring = {
  store: Store;
  seal: Seal;
  stops: Pick<Stops, 'for'>;
  switches: Pick<Switches, 'lastNumber'>;
  clock: Clock;
  log: Log;
};

const NEVER: KeptVerifications = {
  moment: async () => undefined,
  keep: async () => {},
  find: async () => ({ ended: 'over' }),
  end: async () => {},
  forget: async () => {},
};

/**
 * A verification counts for the call: for one agent, user and ticket, and for some minutes. The
 * store has it for all instances.
 * @param minutes how long; 0: not at all
 */
export function createKeptVerifications(minutes: number, wiring: Wiring): KeptVerifications {
  if (minutes === 0) return NEVER;
  const { store, seal, stops, switches, clock, log } = wiring;
  const lifetime = minutes * 60_000;
  const inStore = createKeptInStore(store, seal, lifetime);

  const numbers = (userId: string) => ({
    lockdown: switches.lastNumber(LOCKDOWN),
    hold: switches.lastNumber(blocked(userId)),
  });

  /** Also leaves out those of the future, because the clock was set back since. */
  async function current(caller: Caller): Promise<Taken[]> {
    const age = ({ at }: Taken) => clock.now() - at;
    return (await inStore.read(caller)).filter((one) => age(one) >= 0 && age(one) < lifetime);
  }

  async function find(caller: Caller, { risk, ticket }: Wanted): Promise<Taken | NotKept> {
    const found = (await current(caller)).find(
      (one) => COUNTS_FOR[one.risk].includes(risk) && one.ticket === (ticket ?? one.ticket),
    );
    if (!found) return { ended: 'over' };
    // Also learns what the other instances know about switches.
    const why = await stops.for(caller.userId);
    if (why) return { ended: why };
    const now = numbers(caller.userId);
    if (now.lockdown !== found.lockdown) return { ended: 'lockdown' };
    return now.hold === found.hold ? found : { ended: 'on hold' };
  }

  return {
    async moment(userId) {
      try {
        await stops.for(userId);
        return { at: clock.now(), ...numbers(userId) };
      } catch {
        return undefined;
      }
    },

    async keep(caller, verification) {
      try {
        const others = (await current(caller)).filter(
          ({ risk, ticket }) => risk !== verification.risk && ticket === verification.ticket,
        );
        await inStore.write(caller, [verification, ...others]);
      } catch (error) {
        log.warn(
          { err: error, target: caller.userId },
          'a verification counts for one change only',
        );
      }
    },

    async find(caller, wanted) {
      try {
        if (!COUNTS_FOR.grants.includes(wanted.risk)) return { ended: 'over' };
        const found = await find(caller, wanted);
        return 'ended' in found ? found : { ...found, until: found.at + lifetime };
      } catch (error) {
        log.warn({ err: error, target: caller.userId }, 'an earlier verification does not count');
        return { ended: 'untold' };
      }
    },

    async end(caller) {
      await inStore.write(caller, []).catch((error) => {
        log.warn({ err: error, target: caller.userId }, 'a denied verification is not removed');
      });
    },

    async forget(agentId) {
      await inStore.removeAll(agentId).catch((error) => {
        log.warn({ err: error, actor: agentId }, 'verifications by a former agent are not removed');
      });
    },
  };
}

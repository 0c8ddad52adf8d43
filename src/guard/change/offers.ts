import type { Call } from '../../desk/operation.ts';
import type { Authenticators, UserDetails } from '../../securid/index.ts';
import type { GuardServices } from '../services.ts';
import type { Change, Wanted } from './change.ts';

type About = {
  user: UserDetails;
  /** May still be under way. */
  authenticators: Promise<Authenticators | undefined> | Authenticators | undefined;
};

export type Offers = {
  /** The most wanted first, otherwise in the order of `help`. */
  changes: { change: Change; wanted: Wanted }[];
  /** The rules that withhold the others, by name. */
  withheld: string[];
};

/**
 * The changes that make sense for a user now, for the buttons of a card. None of them leads into a refusal
 * that is known without asking Slack or SecurID.
 * @param suits how wanted each is; by default as it declares for the user's card
 */
export type MakeOffers = (
  call: Call,
  about: About,
  suits?: (change: Change) => Wanted | undefined,
) => Promise<Offers>;

export const createOffers =
  ({ changes, gate }: Pick<GuardServices, 'changes' | 'gate'>): MakeOffers =>
  async (call, { user, ...about }, suits) => {
    const { userId: agentId, access, securid } = call;
    const { until, lane } = securid;
    const refusalOf = gate.forOffers({ agentId, access, user, until, lane });
    const [authenticators, refusals] = await Promise.all([
      about.authenticators,
      Promise.all(changes.on.map(refusalOf)),
    ]);

    const wanted = changes.on.flatMap((change, index) => {
      const how = suits ? suits(change) : change.suits(user, authenticators);
      if (!how || change.unable(user, change.settle(user)) !== undefined) return [];
      return [{ change, wanted: how, refusal: refusals[index] }];
    });
    const offered = wanted.filter(({ refusal }) => refusal === undefined);
    return {
      changes: [
        ...offered.filter((one) => one.wanted === 'now'),
        ...offered.filter((one) => one.wanted === 'possible'),
      ],
      withheld: [...new Set(wanted.flatMap(({ refusal }) => refusal?.rule ?? []))],
    };
  };

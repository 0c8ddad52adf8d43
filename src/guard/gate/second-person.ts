import type { Risk } from '../change/risk.ts';
import { find } from './evaluate.ts';
import {
  type FactName,
  type Facts,
  type Given,
  type Sources,
  type Untold,
  untoldIn,
} from './facts.ts';

/** Why an approver is needed. Nobody is asked if `SECURID_APPROVAL` is `never`. */
type Reason<Need extends FactName = FactName> = {
  binds: readonly Risk[];
  needs: readonly Need[];
  asks(facts: Facts<Need>): boolean;
};

const reason = <const Need extends FactName = never>(one: Reason<Need>) => one;

const REASONS: readonly Reason[] = [
  reason({
    binds: ['grants'],
    needs: [],
    asks: ({ policy }) => policy.approval === 'always',
  }),
  reason({
    binds: ['restores', 'grants'],
    needs: ['protection'],
    asks: ({ protection }) => protection === 'protected',
  }),
  reason({
    binds: ['restores', 'grants'],
    needs: ['ownership', 'protection'],
    asks: (facts) => facts.policy.unmatched === 'approval' && untoldIn(facts).length > 0,
  }),
  reason({
    binds: ['protects'],
    needs: ['isBeyondBudget'],
    asks: ({ isBeyondBudget }) => isBeyondBudget,
  }),
];

/** An approver is needed. `untold` are the rules that could not be checked. */
export type NeedsApproval = { needsApproval: true; untold: Untold[] };

/**
 * Whether an approver is needed for a change that no rule refuses.
 * Throws if that cannot be determined.
 */
export async function secondPerson(
  given: Given,
  sources: Partial<Sources>,
): Promise<NeedsApproval | undefined> {
  if (given.hasApprover || given.policy.approval === 'never') return undefined;
  const reasons = REASONS.filter(({ binds }) => binds.includes(given.change.risk));
  const facts = await find([...new Set(reasons.flatMap(({ needs }) => needs))], sources);
  if (!reasons.some(({ asks }) => asks({ ...given, ...facts }))) return undefined;
  const isAboutPeople = reasons.some(({ needs }) => needs.includes('ownership'));
  const untold = isAboutPeople && given.policy.unmatched === 'approval' ? untoldIn(facts) : [];
  return { needsApproval: true, untold };
}

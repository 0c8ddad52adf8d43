import type { Lead } from '../../desk/leads.ts';
import type { Wanted } from '../../guard/change/change.ts';
import type { Changes } from '../../guard/change/changes.ts';
import type { Offers } from '../../guard/change/offers.ts';
import { RISKS, type Risk } from '../../guard/change/risk.ts';
import type { Authenticators, UserKey } from '../../securid/index.ts';
import { oneLine } from '../../slack/mrkdwn.ts';
import { isEnabled } from '../hardware-token/state.ts';
import { LISTED } from './authenticators.ts';

type Offered = Pick<Offers, 'changes'>;

/**
 * What a user's card leads to, the most wanted first. What takes access away comes last, so that nobody
 * presses it in passing.
 */
export function leadsOf(
  key: UserKey,
  { changes }: Offered,
  found: Authenticators | undefined,
): Lead[] {
  const leadTo = (operation: string, label: string) => ({ operation, label, input: { who: key } });
  const those = (wanted: Wanted, ...risks: Risk[]) =>
    changes
      .filter((one) => one.wanted === wanted && risks.includes(one.change.risk))
      .map(({ change }) => leadTo(change.name, change.button));
  const list = [leadTo('authenticators', 'Authenticators')];
  const isCut = found === undefined || countOf(found) > LISTED;
  return [
    ...those('now', ...RISKS),
    ...disabledToken(key, found),
    ...(isCut ? list : []),
    leadTo('history', 'Last sign-ins'),
    ...those('possible', 'grants', 'restores'),
    ...(isCut ? [] : list),
    ...those('possible', 'refreshes'),
    ...those('possible', 'protects'),
  ];
}

/** As if every change that is typed were offered. Few others are ever on the card. */
export const asIfAll = ({ on }: Pick<Changes, 'on'>): Offered => ({
  changes: on
    .filter(({ isTyped }) => isTyped)
    .map((change) => ({ change, wanted: 'possible' as const })),
});

const countOf = ({ devices, sidTokens, fidoTokens }: Authenticators) =>
  devices.length + sidTokens.length + fidoTokens.length;

/** The card of a hardware token that is disabled. If there are several, the list leads to them. */
function disabledToken(key: UserKey, found: Authenticators | undefined): Lead[] {
  const disabled = found?.sidTokens.filter(({ tokenStatus }) => !isEnabled(tokenStatus)) ?? [];
  const [serial, ...others] = disabled.map(({ tokenSerialNumber }) => tokenSerialNumber);
  if (serial === undefined || others.length > 0) return [];
  const label = `Token ${oneLine(serial, 40)}`;
  return [{ operation: 'token', label, input: { serial, who: key } }];
}

import type { Lead } from '../../desk/leads.ts';
import type { Call } from '../../desk/operation.ts';
import type {
  Authenticators,
  FidoToken,
  HardwareToken,
  UserDetails,
  UserKey,
} from '../../securid/index.ts';
import { oneLine } from '../../slack/mrkdwn.ts';
import { isEnabled } from '../hardware-token/state.ts';
import type { Services } from '../services.ts';
import { suitsToken } from '../token-changes/suits.ts';

type About = { user: UserDetails; key: UserKey; found: Authenticators };

/** More buttons than these nobody reads. RSA allows five tokens and five FIDO credentials. */
const MOST = 15;

/** With a longer id, a button would hold more than Slack takes. */
const LONGEST_ID = 700;

const SWITCHES = new Set(['token', 'fido']);

/** What can be done with each entry of the list, and how many entries have no button. */
export async function leadsFor(
  services: Services,
  { user, key, found }: About,
  call: Call,
): Promise<{ leads: Lead[]; left: number }> {
  const { guard, clock } = services;
  const { changes } = await guard.offers(call, { user, authenticators: found }, (change) =>
    SWITCHES.has(change.switchedBy) ? 'possible' : undefined,
  );
  const offered = new Map(changes.map(({ change: { name, button } }) => [name, button]));
  const now = clock.now();
  const changesFor = (token: HardwareToken) => changesOf(token, { offered, key, now });
  const tokens = found.sidTokens.filter((token) => changesFor(token).length > 0);
  const all = [
    // Several tokens would need too many buttons. Their cards have them.
    ...(tokens.length > 1 ? tokens.map((token) => cardOf(token, key)) : tokens.flatMap(changesFor)),
    ...found.fidoTokens.flatMap((one) => changeOf(one, { offered, key })),
  ];
  return { leads: all.slice(0, MOST), left: Math.max(all.length - MOST, 0) };
}

type Offered = { offered: ReadonlyMap<string, string>; key: UserKey };

function changesOf(token: HardwareToken, { offered, key, now }: Offered & { now: number }): Lead[] {
  const { tokenSerialNumber: serial, deviceSerialNumber: device } = token;
  if (serial === undefined) return [];
  const suits = suitsToken(token, { now, device });
  const input = { who: key, input: { serial, ...(device && { device }) } };
  return [...offered].flatMap(([operation, label]) =>
    suits({ name: operation }) ? [{ label, operation, input }] : [],
  );
}

const cardOf = ({ tokenSerialNumber: serial = '' }: HardwareToken, key: UserKey): Lead => ({
  label: `Token ${oneLine(serial, 40)}`,
  operation: 'token',
  input: { serial, who: key },
});

function changeOf({ id, name, status }: FidoToken, { offered, key }: Offered): Lead[] {
  const operation = isEnabled(status) ? 'fido-disable' : 'fido-enable';
  if (id === undefined || id.length > LONGEST_ID || !offered.has(operation)) return [];
  const called = oneLine(name ?? '', 40) || 'FIDO credential';
  const label = `${operation === 'fido-disable' ? 'Disable' : 'Enable'} ${called}`;
  return [{ label, operation, input: { who: key, input: { credential: id, name: called } } }];
}

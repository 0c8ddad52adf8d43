import { list } from '../../desk/devices.ts';
import { lockedMethods } from '../../desk/locks.ts';
import type { Call } from '../../desk/operation.ts';
import { status } from '../../desk/user.ts';
import type { Authenticators, UserDetails } from '../../securid/index.ts';
import { type Block, facts, paragraph, verbatim } from '../../slack/blocks.ts';
import { day, oneLine } from '../../slack/mrkdwn.ts';
import type { GuardServices } from '../services.ts';

/** A request waits no longer for the authenticators, and leaves so much time for posting it. In milliseconds. */
const READ_WITHIN = 4000;
const POST_WITHIN = 5000;

/** How many authenticators a request lists, and how much of each name. */
const MOST = 10;
const NAME_LENGTH = 60;

/** The user's authenticators, without browsers; `undefined` if SecurID does not answer in time. */
export async function readAuthenticators(
  services: GuardServices,
  userId: string,
  { securid, log }: Pick<Call, 'securid' | 'log'>,
): Promise<Authenticators | undefined> {
  const until = Math.min(securid.until - POST_WITHIN, services.clock.elapsed() + READ_WITHIN);
  try {
    const query = { ...securid, until, includeBrowsers: false };
    return (await list(services, userId, query)) ?? NONE;
  } catch (error) {
    log.warn({ err: error, target: userId }, 'approval asked for without the authenticators');
    return undefined;
  }
}

const NONE: Authenticators = { devices: [], sidTokens: [], fidoTokens: [] };

/** What approvers read of the user: their state, their risk and their authenticators. */
export const aboutUser = (user: UserDetails, found: Authenticators | undefined): Block[] => [
  ...facts([
    ['Status', status(user)],
    ['Locked methods', lockedMethods(user).join(', ') || 'None'],
    ['High risk', user.highRiskUser === undefined ? undefined : highRisk(user.highRiskUser)],
  ]),
  registered(found),
];

const highRisk = (isHigh: boolean) => (isHigh ? { mrkdwn: ':warning: Yes' } : 'No');

function registered(found: Authenticators | undefined): Block {
  if (!found) {
    return paragraph(':warning: SecurID did not say which authenticators are registered.');
  }
  const all = inOrder(found);
  if (all.length === 0) return paragraph('No authenticator is registered.');
  const lines = all.slice(0, MOST).map(({ what, since }) => {
    return `${what}, ${since ? `since ${day(since)}` : 'date unknown'}`;
  });
  const more = all.length > MOST ? [`and ${all.length - MOST} more`] : [];
  return verbatim(['Registered authenticators:', ...lines, ...more].join('\n'));
}

type Line = { what: string; since: Date | undefined };

/** Newest first: what was added lately says most about who is calling. */
const inOrder = ({ devices, sidTokens, fidoTokens }: Authenticators): Line[] =>
  [
    ...devices
      .filter(({ browser }) => !browser)
      .map((one) => line(one.name ?? 'Device', one.deviceType, one.registeredDate)),
    ...fidoTokens.map((one) => line(one.name ?? 'FIDO credential', 'FIDO', one.registeredDate)),
    ...sidTokens.map((one) =>
      line(
        one.tokenSerialNumber ?? one.deviceSerialNumber ?? one.name ?? 'Hardware token',
        one.deviceType ?? 'hardware token',
        one.registeredDate,
      ),
    ),
  ].sort((a, b) => (b.since?.getTime() ?? 0) - (a.since?.getTime() ?? 0));

function line(name: string, kind: string | undefined, since: Date | undefined): Line {
  const [short, type] = [oneLine(name, NAME_LENGTH), kind && oneLine(kind, NAME_LENGTH)];
  return { what: type ? `${short} (${type})` : short, since };
}

import { z } from 'zod';
import type { Lead } from '../../desk/leads.ts';
import type { Call, DeskServices } from '../../desk/operation.ts';
import type { Input, OwnCard } from '../../guard/change/asked.ts';
import {
  type CallOptions,
  type HardwareToken,
  LONGEST_SERIAL,
  type SecurID,
  type UserDetails,
  type UserKey,
} from '../../securid/index.ts';
import * as view from './token-view.ts';

const Serial = z.string().min(1).max(LONGEST_SERIAL);

/** The token's serial number, and for a DS100 the number on its back. */
const Token = z.object({ serial: Serial, device: Serial.optional() });
type Token = z.output<typeof Token>;

type Asked = { user: UserDetails; input: Token; securid: SecurID };

/** RSA's name for a SecurID DS100, which has APIs of its own. */
export const isDs100 = ({ deviceType, deviceSerialNumber }: HardwareToken) =>
  deviceSerialNumber !== undefined || /\bDS100\b/i.test(deviceType ?? '');

/** What RSA has to know: the token, and whose it is or will be. */
export const owned = ({ user, input }: Pick<Asked, 'user' | 'input'>) => ({
  userId: user.id,
  tokenSerialNumber: input.serial,
});

/** What all changes of a token declare. Its own card and other commands lead to them. */
export const TOKEN_CHANGE = {
  switchedBy: 'token',
  isTyped: false,
  scope: 'rsa.authenticator.sidtoken.manage',
  input: Token,
  fields: [],
  facts: ({ serial, device }: Input) => view.about(serial, device),
  which: ({ serial = '', device }: Input) => view.whichToken(serial, device),
  readBack: ({ securid, input }: Asked, options: CallOptions) =>
    securid.hardwareTokens.find(input.serial, options),
  explain,
  next: ({ key, input }: Next): readonly Lead[] => [showToken(key, input)],
} as const;

type Next = { key: UserKey; input: Token };

/** The token's card, with what can be done now. */
export const showToken = (who: UserKey, { serial }: Token): Lead => ({
  label: 'Show token',
  operation: 'token',
  input: { serial, who },
});

/** For whoever has lost what they sign in with. */
export const emergencyCode = (who: UserKey): Lead => ({
  label: 'Emergency code',
  operation: 'emergency',
  input: { who },
});

/** What also changes a SecurID DS100. */
export const ALSO_DS100 = { moreScopes: ['rsa.authenticator.ds100.manage'] } as const;

type OnCard = { user: UserDetails; input: Input };

/**
 * The card of a change of somebody's token: its state, and why the change makes no sense.
 * @param why a reason in the token's own state
 */
export const cardOfOwned =
  (why: (token: HardwareToken, now: number) => string | undefined) =>
  async (
    { securid, clock, names }: DeskServices,
    { user, input }: OnCard,
    call: Call,
  ): Promise<OwnCard> => {
    const { serial = '', device } = input;
    const token = await securid.hardwareTokens.find(serial, call.securid);
    if (!token) return view.card(serial, undefined, view.gone(serial));
    const owner = token.userId;
    if (owner === undefined) return view.card(serial, token, view.NOBODYS);
    if (!isSame(owner, user.id)) {
      return view.card(serial, token, view.SOMEBODY_ELSES, names.of(owner) ?? idOf(owner));
    }
    const unable = isDs100(token) && !device ? view.NO_DEVICE_NUMBER : why(token, clock.now());
    return view.card(serial, token, unable);
  };

/** An owner whom this app has not seen. */
export const idOf = (userId: string) => `SecurID user ${userId}`;

/** RSA's ids are UUIDs, in either case. */
export const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** The token's state as it is now, which is why RSA refused, if it can be read. */
async function explain(
  { securid, clock, names }: DeskServices,
  { input: { serial = '' } }: { input: Input },
  call: Call,
) {
  try {
    const token = await securid.hardwareTokens.find(serial, { ...call.securid, fresh: true });
    return view.stateNow(token, { now: clock.now(), nameOf: names.of });
  } catch (error) {
    call.log.warn({ err: error }, 'the token could not be read');
    return [view.STATE_UNKNOWN];
  }
}

/**
 * What the token's record says if no usable answer arrived.
 * @param isMade whether it shows the change, for the user whom it was made for
 */
export const lookAgainFor =
  (isMade: (token: HardwareToken, userId: string) => boolean) =>
  async ({ securid, user, input }: Asked, options: CallOptions) => {
    const answer = await securid.hardwareTokens.find(input.serial, options);
    return { isMade: answer !== undefined && isMade(answer, user.id), answer };
  };

/** The same for a change that leaves the token to its owner. */
export const lookAgainAtOwned = (isMade: (token: HardwareToken) => boolean) =>
  lookAgainFor((token, userId) => isSame(token.userId ?? '', userId) && isMade(token));

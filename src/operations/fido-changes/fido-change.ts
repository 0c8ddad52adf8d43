import { z } from 'zod';
import { list } from '../../desk/devices.ts';
import type { Lead } from '../../desk/leads.ts';
import type { Call } from '../../desk/operation.ts';
import type { CardServices, Input, OwnCard } from '../../guard/change/asked.ts';
import type { CallOptions, FidoToken, SecurID, UserDetails, UserKey } from '../../securid/index.ts';
import { says } from '../verb-words.ts';
import * as view from './fido-view.ts';

/** RSA's id of the credential, and its name on the list that led here. */
const Fido = z.object({ credential: z.string().min(1), name: z.string() });
type Fido = z.output<typeof Fido>;

type Asked = { user: UserDetails; input: Fido; securid: SecurID };

/** What RSA has to know: the credential, and whose it is. */
export const owned = ({ user, input }: Pick<Asked, 'user' | 'input'>) => ({
  userId: user.id,
  id: input.credential,
});

/** The user's credential as RSA has it now. */
async function readNow({ securid, user, input }: Asked, options: CallOptions) {
  const query = { ...options, includeBrowsers: false };
  const found = await securid.authenticators.detailsV2(user.id, query);
  return found?.fidoTokens.find(({ id }) => id === input.credential);
}

/** What both changes of a FIDO credential declare. A user's list of authenticators leads to them. */
export const FIDO_CHANGE = {
  switchedBy: 'fido',
  isTyped: false,
  scope: 'rsa.authenticator.fido.manage',
  input: Fido,
  fields: [],
  facts: ({ name }: Input) => view.about(name),
  which: ({ name = '' }: Input) => name,
  readBack: readNow,
  explain,
} as const;

export const authenticatorsOf = (who: UserKey): Lead => ({
  label: 'Authenticators',
  operation: 'authenticators',
  input: { who, browsers: false },
});

/** If no usable answer arrived. RSA has no status but these two. */
export const lookAgainFor =
  (status: 'Enabled' | 'Disabled') => async (asked: Asked, options: CallOptions) => {
    const answer = await readNow(asked, options);
    return { isMade: says(answer?.status, status), answer };
  };

/**
 * The card of a change: the credential's status, and why the change makes no sense.
 * @param why a reason in the credential itself
 */
export const cardOf =
  (why: (credential: FidoToken) => string | undefined) =>
  async (
    services: CardServices,
    { user, input }: { user: UserDetails; input: Input },
    call: Call,
  ): Promise<OwnCard> => {
    const found = await list(services, user.id, { ...call.securid, includeBrowsers: false });
    const credential = found?.fidoTokens.find(({ id }) => id === input.credential);
    return view.card(input.name, credential, credential ? why(credential) : view.GONE);
  };

/** The credential as it is now, if it can be read. */
async function explain(
  services: CardServices,
  { userId, input }: { userId: string; input: Input },
  call: Call,
) {
  try {
    const query = { ...call.securid, fresh: true, includeBrowsers: false };
    const found = await list(services, userId, query);
    return view.stateNow(found?.fidoTokens.find(({ id }) => id === input.credential));
  } catch (error) {
    call.log.warn({ err: error }, 'the FIDO credential could not be read');
    return [view.STATE_UNKNOWN];
  }
}

import { type SecurID, SecurIDError, type UserDetails, type UserKey } from '../securid/index.ts';
import {
  type Fallback,
  type Message,
  sentence,
  verbatimContext,
  verbatimSentence,
} from '../slack/blocks.ts';
import { mentionUser } from '../slack/mrkdwn.ts';
import type { People } from '../slack/people.ts';
import { looksLikeIncident } from './failures.ts';
import type { Call, DeskServices } from './operation.ts';
import { isHome } from './roles.ts';
import { slackTrouble } from './slack-trouble.ts';
import { looksLikeId, looksLikeSerial, type Who } from './words.ts';

/** How RSA finds somebody: by a key, or by the id that it gave them. */
export type Target = UserKey | { userId: string };

/** A user's record and the key that found it. A change may use only this key. */
export type Found = { user: UserDetails; key: UserKey };

/**
 * Resolves a Slack mention to the e-mail address in that person's Slack profile; anything else stays as it
 * is.
 * @returns a problem if Slack has no address that can be trusted
 */
async function findTarget(who: Who, people: People): Promise<Target | { problem: Message }> {
  if (!('mention' in who)) return who;

  const [workspace, person] = await Promise.all([people.workspace(), people.find(who.mention)]);
  const them = mentionUser(who.mention);
  if (!person) return instead('Slack does not know that person.');
  if (person.isBot) return instead(`${them} is an app, not a person.`);
  // Another company's administrators can write any address into their people's profiles.
  if (!isHome(workspace, person)) return instead(`${them} belongs to another company.`);
  if (!person.email && people.hidesAddresses()) return { problem: NO_ADDRESSES };
  if (!person.email) return instead(`Slack shows no e-mail address for ${them}.`);
  return { email: person.email };
}

const NO_ADDRESSES = sentence(slackTrouble({ kind: 'scope', scopes: ['users:read.email'] }));

const instead = (why: string) => ({
  problem: sentence(
    `${why} Type the e-mail address or the SecurID user name instead, such as \`jane@example.com\`.`,
  ),
});

/**
 * Looks a user up and records it. Returns a problem for the asker if there is none, and the key if RSA has
 * no user with it.
 */
export async function findUser(
  {
    securid,
    identities,
    slack: { people },
  }: Pick<DeskServices, 'securid' | 'slack' | 'identities'>,
  who: Who,
  call: Call,
): Promise<Found | Problem> {
  const target = await findTarget(who, people);
  if ('problem' in target) return target;
  if ('userId' in target) return { problem: NO_LOOK_UP_BY_ID };

  void call.audit.note('look-up', { target: targetWords(target) });
  const found = await findByKey(securid, target, call);
  if (found) return found;
  if (!('mention' in who && 'email' in target)) return nobody(target);
  const others = identities.addresses.spellings(target.email).slice(1);
  return findOne(securid, others, call).then((one) => one ?? nobody(target));
}

/** The one person who has any of these addresses. */
async function findOne(
  securid: SecurID,
  emails: string[],
  call: Call,
): Promise<Found | Problem | undefined> {
  const found = await Promise.all(emails.map((email) => findByKey(securid, { email }, call)));
  const [one, ...others] = found.filter((each) => each !== undefined);
  if (one && others.some(({ user }) => user.id !== one.user.id)) {
    return instead('SecurID has more than one user for that person’s e-mail address.');
  }
  return one;
}

const NO_LOOK_UP_BY_ID = sentence(
  'SecurID finds a user by e-mail address or user name, not by user id. A user id works for `/securid authenticators`.',
);

/**
 * An address that nobody has as e-mail may be a user name, since userPrincipalNames look like addresses. One
 * person's may be another's address, so the key says which it was.
 */
async function findByKey(securid: SecurID, key: UserKey, call: Call): Promise<Found | undefined> {
  const user = await securid.users.find(key, call.securid);
  if (user) return { user, key };
  if (!('email' in key)) return undefined;
  const username = { username: key.email };
  const named = await securid.users.find(username, call.securid).catch((error) => {
    // A tenant may reject it as a user name, which means that nobody was found.
    if (error instanceof SecurIDError && error.code === 'INVALID_REQUEST') return undefined;
    throw error;
  });
  return named && { user: named, key: username };
}

/** Adds a note if the user was found by a user name that looks like an address. */
export function saying<M extends Message>({ key }: { key: Target }, message: M): M {
  if (!('username' in key && key.username.includes('@'))) return message;
  const note = verbatimContext(`Found by user name, not by e-mail address: ${key.username}`);
  const noted = <F extends Fallback>(part: F): F => {
    const [first, ...rest] = part.blocks;
    const { fallback } = part;
    return {
      ...part,
      blocks: first ? [first, note, ...rest] : [note],
      ...(fallback && { fallback: noted(fallback) }),
    };
  };
  return noted(message);
}

export type Problem = { problem: Message; nobody?: UserKey };

/** How the audit trail names the person looked up. */
const targetWords = (target: Target): string => Object.values(target).join('');

/** RSA has no user with that key. */
const nobody = (key: UserKey): Problem => ({ problem: noUser(key), nobody: key });

function noUser(key: UserKey): Message {
  if ('email' in key) {
    return verbatimSentence(
      `SecurID has no user with the e-mail address or user name ${key.email}. Check the spelling, or try their SecurID user name.`,
    );
  }
  const { username } = key;
  const serial = looksLikeSerial(username);
  const other = [
    looksLikeId(username)
      ? 'If it is a Slack id, type @ and pick the person from the list that Slack shows.'
      : serial !== 'hardly anything else' && 'Check the spelling, or try their e-mail address.',
    serial && `If it is the serial number of a token, type /securid token ${username}.`,
    looksLikeIncident(username) &&
      'If it is an incident number, your SecurID Desk administrator can find it in the log and in the audit trail.',
  ].filter(Boolean);
  return verbatimSentence(`SecurID has no user with the user name ${username}. ${other.join(' ')}`);
}

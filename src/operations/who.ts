import type { UserKey } from '../securid/index.ts';
import { type Message, sentence, verbatimSentence } from '../slack/blocks.ts';
import { mentionUser } from '../slack/mrkdwn.ts';
import type { People } from '../slack/people.ts';
import { isHome } from './roles.ts';
import { readWho, type Who } from './words.ts';

/** How RSA can find somebody: by a key that it looks up, or by the id it gave them. */
export type Target = UserKey | { userId: string };

/**
 * Turns a Slack mention into the e-mail address of that person's Slack profile; the rest stays.
 * @returns a problem in place of the target when Slack has no address to trust
 */
export async function findTarget(who: Who, people: People): Promise<Target | { problem: Message }> {
  if (!('mention' in who)) return who;

  const [workspace, person] = await Promise.all([people.workspace(), people.find(who.mention)]);
  const them = mentionUser(who.mention);
  if (!person) return instead('Slack does not know that person.');
  if (person.isBot) return instead(`${them} is an app, not a person.`);
  // Another company's administrators can write any address into their people's profiles.
  if (!isHome(workspace, person)) return instead(`${them} belongs to another company.`);
  if (!person.email) return instead(`Slack shows no e-mail address for ${them}.`);
  return { email: person.email };
}

const instead = (why: string) => ({
  problem: sentence(
    `${why} Type the e-mail address or the SecurID user name instead, such as \`jane@example.com\`.`,
  ),
});

/** One person, and what is left of the words; `undefined` is a matter for the usage line. */
export function readPerson(
  words: string[],
): { who: Who; rest: string[] } | { problem: Message } | undefined {
  const [first, ...rest] = words;
  const who = first === undefined ? undefined : readWho(first);
  if (!who) return undefined;
  if (rest.some(looksLikeAPerson)) {
    return { problem: sentence('One person at a time, please. Send the command once for each.') };
  }
  return { who, rest };
}

const looksLikeAPerson = (word: string) => {
  const who = readWho(word);
  return who !== undefined && !('username' in who);
};

/** How the audit trail names whom a look-up was about. */
export const targetWords = (target: Target): string => Object.values(target).join('');

/** RSA has nobody with that key. */
export function nobody(key: UserKey): Message {
  const [what, value] =
    'email' in key ? ['e-mail address', key.email] : ['user name', key.username];
  const other = 'email' in key ? 'their SecurID user name' : 'their e-mail address';
  return verbatimSentence(
    `SecurID has nobody with the ${what} ${value}. Check the spelling, or try ${other}.`,
  );
}

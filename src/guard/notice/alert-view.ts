import {
  actions,
  button,
  context,
  facts,
  header,
  type Message,
  paragraph,
  sentence,
  verbatim,
} from '../../slack/blocks.ts';
import { day, escapeMrkdwn, mentionUser, oneLine } from '../../slack/mrkdwn.ts';
import type { StoppedWords } from '../change/changes.ts';
import { capital, lower } from '../change/letters.ts';
import type { Words } from '../change/words.ts';
import type { Added } from './added-devices.ts';
import type { Ended } from './end-on-report.ts';
import type { Made } from './made.ts';
import { type NoticeWords, when } from './view.ts';

/** `action_id`s of the alert's buttons. */
export const LIFT = 'notice:lift';
export const DEVICES = 'notice:devices';
export const actOf = (change: string) => `notice:act:${change}`;

type AlertContent = {
  /** `undefined` if unknown. */
  added: Added[] | undefined;
  ended: Ended[];
  /** The sealed value of all buttons; without it, there are none. */
  value: string | undefined;
  /** The changes that are offered, by name. */
  acts: { name: string; label: string }[];
};

/** What security reads. */
export function alert(
  { words, stopped }: NoticeWords,
  made: Made,
  { added, ended, value, acts }: AlertContent,
): Message {
  const text = `${mentionUser(made.agent)} ${words.did}, and ${mentionUser(made.person)} did not ask for it.`;
  return {
    text,
    blocks: [
      header(`${capital(words.one)} nobody asked for`),
      paragraph(`:rotating_light: ${text}`),
      ...about(words, made),
      paragraph(
        `No more ${stopped.few} will be ${stopped.done} for this user until an approver lifts the block.`,
      ),
      ...ended.map((one) => paragraph(endedWords(one))),
      paragraph(addedWords(added)),
      ...(value === undefined ? [] : [buttons(stopped, acts, value)]),
      context(`Incident \`${made.incident}\``),
    ],
  };
}

const buttons = (stopped: StoppedWords, acts: AlertContent['acts'], value: string) =>
  actions(
    button('Show the devices', { action: DEVICES, value }),
    ...acts.map(({ name, label }) => button(label, { action: actOf(name), value })),
    button('Lift the block', {
      action: LIFT,
      value,
      confirm: {
        title: 'Lift the block?',
        text: `${capital(stopped.many)} can then be ${stopped.done} for this user again.`,
        yes: 'Lift the block',
        no: 'Not yet',
      },
    }),
  );

/** What the app ended by itself after the report, or could not. */
function endedWords({ ends, stays, how, why }: Ended): string {
  if (how === 'ended') {
    return [`:white_check_mark: ${ends} was ended.`, stays].filter(Boolean).join(' ');
  }
  const outcome =
    how === 'unknown'
      ? `Nobody knows whether ${lower(ends)} was ended.`
      : `${ends} could not be ended.`;
  return `:warning: ${[outcome, why, NEXT].filter(Boolean).join(' ')}`;
}

const NEXT = 'To end it, look the user up: `/securid user`.';

/** How many and of which type. *Show the devices* has their names. */
function addedWords(added: Added[] | undefined): string {
  if (!added) return ':warning: SecurID did not say which devices have been added since.';
  if (added.length === 0) return 'No device has been added so far.';
  const counts = new Map<string, number>();
  for (const { type } of added) counts.set(type, (counts.get(type) ?? 0) + 1);
  const types = [...counts].map(([type, count]) => `${count} ${escapeMrkdwn(oneLine(type, 40))}`);
  const were = added.length === 1 ? 'device has been' : 'devices have been';
  return `:warning: ${added.length} ${were} added since: ${types.join(', ')}.`;
}

const SHOWN = 20;

/** What somebody reads who pressed *Show the devices*. */
export function devices({ name }: Made, added: Added[] | undefined): Message {
  if (!added || added.length === 0) return sentence(addedWords(added));
  const lines = added
    .slice(0, SHOWN)
    .map((one) => `${oneLine(one.name, 80)}, ${one.at ? `since ${day(one.at)}` : 'date unknown'}`);
  const more = added.length > SHOWN ? [`and ${added.length - SHOWN} more`] : [];
  return {
    text: 'Devices added since.',
    blocks: [verbatim(`Added for ${name} since:\n${[...lines, ...more].join('\n')}`)],
  };
}

const about = ({ done }: Words, made: Made) =>
  facts([
    ['For', made.name],
    [capital(done), { mrkdwn: when(made) }],
  ]);

export const NOT_YOURS_TO_LIFT = sentence(
  ':no_entry: The block stays. Another approver has to lift it: one who had no part in it.',
);

export const NOT_YOURS_TO_ACT_ON = sentence(
  ':no_entry: You had a part in the reported change, so somebody else has to act on this alert.',
);

export const newerReport = ({ short }: StoppedWords): Message =>
  sentence(
    `:no_entry: The block stays. The user has reported another ${short} since: please look at the newest alert.`,
  );

export const NOT_KNOWN = sentence(
  ':no_entry: The block stays. SecurID Desk no longer knows which report it is based on. An approver who is not an agent can type `/securid unblock`.',
);

export const STILL_SEARCHING = sentence(
  ':warning: The block was not lifted: SecurID Desk is still searching its audit trail for users who must stay blocked. Try again in a minute.',
);

export const NOT_TOLD_APART = sentence(
  ':no_entry: The block stays. SecurID has no record with the e-mail address of your Slack profile, so SecurID Desk cannot tell whether this is your own account. Another approver has to lift the block.',
);

export const OWN_ACCOUNT = sentence(
  ':no_entry: This is your own account. The block stays. Another approver has to lift it.',
);

export const ROLE_NOT_TOLD = sentence(
  'Slack did not answer when asked for your role. Try again in a minute.',
);

export const NO_BLOCK = sentence('This user is not blocked.');

/** The alert after the block was lifted. */
export function lifted({ words, stopped }: NoticeWords, made: Made, by: string): Message {
  const text = `The block was lifted by ${mentionUser(by)}. ${capital(stopped.many)} can be ${stopped.done} for this user again.`;
  return {
    text,
    blocks: [
      header(`${capital(words.one)} nobody asked for`),
      paragraph(
        `Reported by ${mentionUser(made.person)}, ${words.done} by ${mentionUser(made.agent)}.`,
      ),
      ...about(words, made),
      paragraph(`:unlock: ${text}`),
      context(`Incident \`${made.incident}\``),
    ],
  };
}

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
import { dateTime, day, escapeMrkdwn, mentionUser, oneLine } from '../../slack/mrkdwn.ts';
import type { StoppedWords } from '../change/changes.ts';
import { capital, lower } from '../change/letters.ts';
import { GIVES_ACCESS, type Risk } from '../change/risk.ts';
import type { Words } from '../change/words.ts';
import type { Added } from './added-devices.ts';
import type { Ended } from './end-on-report.ts';
import type { Made } from './made.ts';

export type { Made } from './made.ts';

/** `action_id`s of the notice's buttons, and of those on the alert. */
export const REPORT = 'notice:report';
export const CONFIRM = 'notice:confirm';
export const LIFT = 'notice:lift';
export const DEVICES = 'notice:devices';
export const actOf = (change: string) => `notice:act:${change}`;

/** What the change is called, and what a report of it stops. */
export type NoticeWords = { words: Words; risk: Risk; stopped: StoppedWords };

const when = ({ at }: Made) => dateTime(new Date(at), 'moment');

type NoticeContent = {
  /** Which of the user's authenticators it is about, if that is more than the change's own phrase says. */
  which?: string | undefined;
  approver: string | undefined;
  /** The sealed value of the buttons. */
  report: string;
};

/** What the user reads. Only a change that gives access can be reported. */
export function notice(
  { words, risk, stopped }: NoticeWords,
  made: Made,
  { which, approver, report }: NoticeContent,
): Message {
  const approved = approver ? `, approved by ${mentionUser(approver)},` : '';
  const text = `${words.notice} by ${mentionUser(made.agent)}${approved} at ${when(made)}.`;
  const next = GIVES_ACCESS.has(risk)
    ? [
        paragraph("If you asked for this, you're done. If not, tell us now."),
        actions(wasNotMe(stopped, report), button('It was me', { action: CONFIRM, value: report })),
      ]
    : [paragraph('If you did not expect this, please call your security team.')];
  const icon = GIVES_ACCESS.has(risk) ? ':key:' : ':shield:';
  return {
    text,
    blocks: [
      paragraph(`${icon} ${text}`),
      ...(which ? [verbatim(which)] : []),
      ...next,
      context(`Incident \`${made.incident}\``),
    ],
  };
}

const wasNotMe = ({ few, done }: StoppedWords, report: string) =>
  button("This wasn't me", {
    action: REPORT,
    value: report,
    style: 'danger',
    confirm: {
      title: "You didn't ask for this?",
      text: `Security will be notified right away, and no more ${few} will be ${done} for you until they have looked into it.`,
      yes: "This wasn't me",
      no: 'Go back',
      style: 'danger',
    },
  });

/** What the user reads after saying that it was them. They may be mistaken. */
export const confirmed = (
  { words, stopped }: NoticeWords,
  made: Made,
  report: string,
): Message => ({
  text: `You said that you asked for this ${words.thing}.`,
  blocks: [
    paragraph(
      `:key: ${words.notice} by ${mentionUser(made.agent)} at ${when(made)}. You said that you asked for it.`,
    ),
    actions(wasNotMe(stopped, report)),
    context(`Incident \`${made.incident}\``),
  ],
});

export const staysBlocked = ({ words, stopped: { few, done } }: NoticeWords): Message =>
  sentence(
    `You reported this ${words.short}. No more ${few} will be ${done} for you until security has looked into it. If you did ask for it, please tell them.`,
  );

/** What the user reads once somebody has lifted their block. */
export const closed = (one: string, { few, done }: StoppedWords): Message =>
  sentence(
    `:white_check_mark: Security has closed your report of ${one}. ${capital(few)} can be ${done} for you again. If you have not heard from security, please call them.`,
  );

/** What the user reads after reporting a change. */
export function reported(
  { many, done }: StoppedWords,
  how: { alerted: boolean; outlivesRestart: boolean; ended: Ended[] },
): Message {
  const ended = how.ended.flatMap((one) =>
    one.how === 'ended' ? [` ${one.ends} was ended.`] : [],
  );
  const stopped = `no more ${many} will be ${done} for you`;
  // Those who are told to call also read how long the block holds.
  if (!how.outlivesRestart) {
    return sentence(
      `:rotating_light: Thank you. ${capital(stopped)}, but only until SecurID Desk restarts, because this could not be saved.${ended.join('')} Please call your security team now.`,
    );
  }
  return sentence(
    how.alerted
      ? `:rotating_light: Thank you. Security has been notified. ${capital(stopped)} until they have looked into it.${ended.join('')}`
      : `:rotating_light: Thank you. ${capital(stopped)}.${ended.join('')} Please call your security team now: they could not be notified in Slack.`,
  );
}

type AlertContent = {
  /** `undefined` if unknown. */
  added: Added[] | undefined;
  ended: Ended[];
  /** The sealed value of all buttons. */
  value: string;
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
      ),
      context(`Incident \`${made.incident}\``),
    ],
  };
}

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
  if (added.length === 0) return 'No device has been added since.';
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

/** The button's sealed value has expired. */
export const tooLate = ({ noun }: StoppedWords): Message =>
  sentence(
    `This button has expired. If you did not ask for ${noun}, please call your security team now.`,
  );

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

import {
  actions,
  button,
  context,
  type Message,
  paragraph,
  sentence,
  verbatim,
} from '../../slack/blocks.ts';
import { dateTime, mentionUser } from '../../slack/mrkdwn.ts';
import type { StoppedWords } from '../change/changes.ts';
import { capital } from '../change/letters.ts';
import { GIVES_ACCESS, type Risk } from '../change/risk.ts';
import type { Words } from '../change/words.ts';
import type { Ended } from './end-on-report.ts';
import type { Made } from './made.ts';

export type { Made } from './made.ts';

/** `action_id`s of the notice's buttons. */
export const REPORT = 'notice:report';
export const CONFIRM = 'notice:confirm';

/** What the change is called, and what a report of it stops. */
export type NoticeWords = { words: Words; risk: Risk; stopped: StoppedWords };

export const when = ({ at }: Made) => dateTime(new Date(at), 'moment');

type NoticeContent = {
  /** Which of the user's authenticators it is about, if that is more than the change's own phrase says. */
  which?: string | undefined;
  approver: string | undefined;
  /** The sealed value of the buttons; without it, there are none. */
  report: string | undefined;
};

/** What the user reads. Only a change that gives access can be reported. */
export function notice(
  { words, risk, stopped }: NoticeWords,
  made: Made,
  { which, approver, report }: NoticeContent,
): Message {
  const approved = approver ? `, approved by ${mentionUser(approver)},` : '';
  const text = `${words.notice} by ${mentionUser(made.agent)}${approved} at ${when(made)}.`;
  const canReport = GIVES_ACCESS.has(risk) && report !== undefined;
  const next = canReport
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

/** The button's sealed value has expired. */
export const tooLate = ({ noun }: StoppedWords): Message =>
  sentence(
    `This button has expired. If you did not ask for ${noun}, please call your security team now.`,
  );

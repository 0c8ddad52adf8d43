import { z } from 'zod';
import {
  actions,
  button,
  context,
  facts,
  header,
  type Message,
  paragraph,
  sentence,
} from '../../slack/blocks.ts';
import { dateTime, mentionUser } from '../../slack/mrkdwn.ts';

/** `action_id`s of *This wasn't me* and *Lift the block*. */
export const REPORT = 'notice:report';
export const LIFT = 'notice:lift';

/** What both buttons carry, sealed: which code it is about. */
export const Issued = z.object({
  /** SecurID user id. */
  target: z.string(),
  name: z.string(),
  /** Slack user id of whom it was issued for. */
  person: z.string(),
  /** Slack user id of who issued it. */
  agent: z.string(),
  /** Slack user id of the second person, where there was one. */
  approver: z.string().optional(),
  incident: z.string(),
  /** In milliseconds since 1970. */
  at: z.number(),
});
export type Issued = z.output<typeof Issued>;

const when = ({ at }: Issued) => dateTime(new Date(at), 'moment');

/** What the person concerned reads. */
export function notice(
  issued: Issued,
  { approver, report }: { approver: string | undefined; report: string },
): Message {
  const approved = approver ? `, approved by ${mentionUser(approver)},` : '';
  const text = `A registration code for your SecurID account was issued by ${mentionUser(issued.agent)}${approved} at ${when(issued)}.`;
  return {
    text,
    blocks: [
      paragraph(`:key: ${text}`),
      paragraph(
        'With it somebody can register a device as you. If you asked the help desk for it, all is well.',
      ),
      actions(
        button("This wasn't me", {
          action: REPORT,
          value: report,
          style: 'danger',
          confirm: {
            title: 'You did not ask for it?',
            text: 'Security is told at once, and no more codes are issued for you until they have looked into it.',
            yes: "This wasn't me",
            no: 'It was me',
          },
        }),
      ),
      context(`Incident \`${issued.incident}\``),
    ],
  };
}

/** What the person reads once they have said so. */
export function reported(how: { alerted: boolean; outlivesRestart: boolean }): Message {
  // Whoever is told to call hears how long it holds.
  if (!how.outlivesRestart) {
    return sentence(
      ':rotating_light: Thank you. No more registration codes are issued for you, but only until SecurID Desk restarts: this could not be saved. Please call your security team now.',
    );
  }
  return sentence(
    how.alerted
      ? ':rotating_light: Thank you. Security was told, and no more registration codes are issued for you until they have looked into it.'
      : ':rotating_light: Thank you. No more registration codes are issued for you. Please call your security team now: they could not be told through Slack.',
  );
}

/** What security reads. */
export function alert(issued: Issued, lift: string): Message {
  const text = `${mentionUser(issued.person)} did not ask for the registration code that ${mentionUser(issued.agent)} issued for them.`;
  return {
    text,
    blocks: [
      header('A registration code nobody asked for'),
      paragraph(`:rotating_light: ${text}`),
      ...about(issued),
      paragraph(
        'No more codes are issued for this user until an approver lifts the block. Look for a device that was registered since.',
      ),
      actions(
        button('Lift the block', {
          action: LIFT,
          value: lift,
          confirm: {
            title: 'Lift the block?',
            text: 'Registration codes can then be issued for this user again.',
            yes: 'Lift the block',
            no: 'Not yet',
          },
        }),
      ),
      context(`Incident \`${issued.incident}\``),
    ],
  };
}

const about = (issued: Issued) =>
  facts([
    ['For', issued.name],
    ['Issued', { mrkdwn: when(issued) }],
  ]);

export const NOT_YOURS_TO_LIFT = sentence(
  ':no_entry: The block stays. Somebody else has to lift it: not whoever issued or approved the code, nor whoever it was for.',
);

/** The button is older than what it was sealed for. */
export const TOO_LATE = sentence(
  'This button is too old. If you did not ask for the code, please call your security team now.',
);

/** The alert, dealt with. */
export function lifted(issued: Issued, by: string): Message {
  const text = `The block was lifted by ${mentionUser(by)}. Registration codes can be issued for this user again.`;
  return {
    text,
    blocks: [
      header('A registration code nobody asked for'),
      paragraph(
        `Reported by ${mentionUser(issued.person)}, issued by ${mentionUser(issued.agent)}.`,
      ),
      ...about(issued),
      paragraph(`:unlock: ${text}`),
      context(`Incident \`${issued.incident}\``),
    ],
  };
}

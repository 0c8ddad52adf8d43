import {
  type Block,
  input,
  option,
  paragraph,
  select,
  verbatimContext,
} from '../../slack/blocks.ts';
import { dateTime } from '../../slack/mrkdwn.ts';
import { type Card, METHOD } from './card.ts';
import type { NotKept } from './kept-verification.ts';

/** Asks how the caller was verified; optional if an earlier verification counts. */
export function howVerified(
  verified: Card['verified'],
  chosen: string | undefined,
  methods: string[],
): Block[] {
  const options = methods.map((method) => option(method, method));
  const placeholder = verified?.method ?? 'Choose a method';
  const question = input(
    'How did you verify the caller?',
    METHOD,
    select(METHOD, placeholder, options, chosen),
    { optional: verified !== undefined },
  );
  return verified ? [...earlier(verified), question] : [question];
}

const earlier = ({ method, ticket, at, until }: NonNullable<Card['verified']>): Block[] => [
  paragraph(
    `:white_check_mark: You verified this caller at ${dateTime(new Date(at), 'time')}. That counts until ${dateTime(new Date(until), 'time')}, for the same ticket.`,
  ),
  verbatimContext(`${method} · ${ticket}`),
];

const MINUTE = 60;

/** How long before the change the caller was verified; `age` is in seconds. */
export function before({ age }: { age: number }): string {
  const ago = age < MINUTE ? 'less than a minute ago' : `${Math.floor(age / MINUTE)} min ago`;
  return `${ago} for another change`;
}

const SINCE = 'since you verified the caller';

const WHY: Record<NotKept['ended'], string> = {
  over: 'Your earlier verification of the caller no longer counts.',
  lockdown: `There has been a lockdown ${SINCE}.`,
  'on hold': `This account has been put on hold ${SINCE}.`,
  untold: 'SecurID Desk cannot tell whether your earlier verification of the caller still counts.',
};

/** For the agent: why the caller has to be verified again. */
export const notKept = ({ ended }: NotKept): string => `${WHY[ended]} Verify the caller again.`;

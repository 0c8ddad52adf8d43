import type { Done, Fact, OwnCard } from '../../guard/change/asked.ts';
import type { FidoRefusal, FidoStatus, FidoToken } from '../../securid/index.ts';
import { facts, paragraph } from '../../slack/blocks.ts';
import { day } from '../../slack/mrkdwn.ts';
import { says, type Verb, verbWords } from '../verb-words.ts';

export const fidoWords = (verb: Verb) =>
  verbWords({ full: 'FIDO credential', short: 'FIDO credential', change: 'FIDO change' }, verb);

/** @param none a whole sentence, such as `The FIDO credential was not enabled.` */
export const refusals = (none: string): Record<FidoRefusal, string> => ({
  FIDO_NOT_FOUND: `${none} SecurID no longer has it, or no longer has its user.`,
  ALREADY_SO: `${none} SecurID says that this is already so, or that its state does not allow it.`,
});

export const GONE = 'SecurID no longer has this FIDO credential.';

export const about = (name: string | undefined): Fact[] => [['FIDO credential', name]];

export const card = (
  name: string | undefined,
  credential: FidoToken | undefined,
  unable: string | undefined,
): OwnCard => ({
  facts: [
    ...about(credential?.name ?? name),
    ['Registered', credential?.registeredDate && day(credential.registeredDate)],
    ['FIDO status', credential?.status],
  ],
  blocks: [],
  unable,
});

export const stateNow = (credential: FidoToken | undefined) =>
  credential
    ? facts([['FIDO status now', credential.status ?? 'Unknown']])
    : [paragraph('SecurID has no such FIDO credential for this user now.')];

export const STATE_UNKNOWN = paragraph(
  'SecurID did not say what state the FIDO credential is in now.',
);

export type DoneFido = Done<{ credential: string; name: string }, FidoStatus | FidoToken>;

/** @param status what it has to be now */
export const done = ({ answer, input }: DoneFido, status: 'Enabled' | 'Disabled') => {
  const told = answer?.status;
  const named = facts([
    ['FIDO credential', input.name],
    ['FIDO status', told],
  ]);
  if (told === undefined) return [...named, NOT_CONFIRMED];
  return says(told, status) ? named : [...named, NOT_SHOWN];
};

const NOT_CONFIRMED = paragraph(
  ':grey_question: SecurID accepted it, but did not confirm it. `/securid authenticators` shows the status.',
);
const NOT_SHOWN = paragraph(
  ':warning: SecurID accepted it, but does not show it yet. Look the user’s authenticators up again in a minute.',
);

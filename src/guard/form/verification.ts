import { undressed } from '../../desk/words.ts';
import { oneLine } from '../../slack/mrkdwn.ts';
import type { Risk } from '../change/risk.ts';
import { ASKS } from './asks.ts';
import { METHOD, REASON, TICKET, type Verification } from './card.ts';

export type VerificationPolicy = {
  /** How agents may verify a caller, in the company's own words. */
  methods: string[];
  /** Matches a whole ticket number. Without it, any text is accepted. */
  ticketPattern: Pick<RegExp, 'test'> | undefined;
};

export type VerificationRules = {
  methods: string[];
  /**
   * The values that a form for such a risk asks for, or the errors by field.
   * @param before an earlier verification of the caller, which makes the method optional
   */
  read(filled: Record<string, string | undefined>, risk: Risk, before?: Before): Reading;
  /** Whether the record says how the agent verified the caller, by today's rules. */
  isVerified(verification: Verification): boolean;
  /** Whether the ticket and the reason are recorded, by today's rules. */
  isExplained(verification: Verification): boolean;
};

type Before = { ticket: string; isOver: boolean };

type Reading = { verification: Verification } | { errors: Record<string, string> };

export const LONGEST_REASON = 300;
export const LONGEST_TICKET = 60;

/** Common ticket numbers. The first that the company's pattern accepts is the example. */
const EXAMPLES = [
  'INC0012345',
  'INC-12345',
  'INC-1234',
  'INC12345',
  'HELP-1234',
  '1234567',
  '12345',
];

/** The rules for recording how the agent verified the caller. */
export function createVerificationRules({
  methods,
  ticketPattern,
}: VerificationPolicy): VerificationRules {
  const isTicket = (text: string) =>
    text !== '' && text.length <= LONGEST_TICKET && (ticketPattern?.test(text) ?? true);
  const isReason = (text: string) => text !== '' && text.length <= LONGEST_REASON;

  function notATicket(): string {
    const example = EXAMPLES.find(isTicket);
    return `That doesn't look like a ticket number.${example ? ` Example: ${example}.` : ''}`;
  }

  /** Why the earlier verification does not count for this ticket. */
  function whyNew(ticket: string, before: Before): string | undefined {
    if (before.isOver) {
      return 'Your earlier verification no longer counts. Choose how you verified the caller.';
    }
    if (!isTicket(ticket) || ticket === before.ticket) return undefined;
    return `You verified the caller for ${before.ticket}. Choose how you verified them for this ticket.`;
  }

  /** As it was typed, or as the pattern accepts it without what pasting added. */
  function ticketIn(text: string | undefined): string {
    const typed = written(text);
    const plain = undressed(typed);
    return [typed, plain, plain.toUpperCase()].find(isTicket) ?? typed;
  }

  const texts = {
    [METHOD]: (text: string | undefined) => text?.trim() ?? '',
    [TICKET]: ticketIn,
    [REASON]: written,
  };

  const flaws = {
    [METHOD](text: string, ticket: string, before: Before | undefined) {
      if (methods.includes(text)) return undefined;
      return before && text === '' ? whyNew(ticket, before) : 'Choose how you verified the caller.';
    },
    [TICKET](text: string) {
      if (text === '') return 'Enter the ticket number.';
      return isTicket(text) ? undefined : notATicket();
    },
    [REASON]: (text: string) =>
      isReason(text) ? undefined : `Enter the reason, in at most ${LONGEST_REASON} characters.`,
  };

  function read(filled: Record<string, string | undefined>, risk: Risk, before?: Before): Reading {
    const verification: Verification = {};
    const errors: Record<string, string> = {};
    for (const field of ASKS[risk]) {
      const text = texts[field](filled[field]);
      const flaw = flaws[field](text, ticketIn(filled[TICKET]), before);
      if (flaw !== undefined) errors[field] = flaw;
      else if (text !== '') verification[field] = text;
    }
    return Object.keys(errors).length > 0 ? { errors } : { verification };
  }

  return {
    methods,
    read,
    isVerified: ({ method }) => method !== undefined && methods.includes(method.trim()),
    isExplained: ({ ticket, reason }) => isTicket(written(ticket)) && isReason(written(reason)),
  };
}

/** As it is shown: without invisible characters, which could reorder a line of the audit trail. */
const written = (text: string | undefined) => oneLine(text?.trim() ?? '', LONGEST_REASON + 1);

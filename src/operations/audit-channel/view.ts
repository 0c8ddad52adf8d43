import type { Row } from '../../audit/index.ts';
import { type Message, paragraph, verbatimContext } from '../../slack/blocks.ts';
import { mentionUser } from '../../slack/mrkdwn.ts';

/** What happened, in our own words; look-ups and the ends of codes make no line. */
const SENTENCES: Partial<Record<Row['event'], (who: string) => string>> = {
  issued: (who) => `:key: ${who} issued a registration code.`,
  'not issued': (who) => `${who} asked for a registration code, and SecurID gave none.`,
  unknown: (who) =>
    `:warning: ${who} asked for a registration code; whether it was issued is unknown.`,
  refusal: (who) => `:no_entry: ${who} was refused.`,
  'lockdown on': (who) => `:lock: ${who} stopped all registration codes.`,
  'lockdown off': (who) => `:unlock: ${who} allowed registration codes again.`,
};

/** One readable line for a row, and what goes with it; `undefined` for a row that is not worth one. */
export function line(row: Row): Message | undefined {
  const text = SENTENCES[row.event]?.(row.actor ? mentionUser(row.actor) : 'Somebody');
  if (!text) return undefined;
  const details = [
    ['for', row.target],
    ['operation:', row.event === 'refusal' ? row.operation : undefined],
    ['reason:', row.reason],
    ['ticket:', row.ticket],
    ['failure:', row.failure],
    ['incident', row.incident],
  ].flatMap(([label, value]) => (value ? [`${label} ${value}`] : []));
  return { text, blocks: [paragraph(text), verbatimContext(details.join(' · '))] };
}

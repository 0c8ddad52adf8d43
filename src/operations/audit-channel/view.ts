import type { Row } from '../../audit/index.ts';
import { paragraph, verbatimContext } from '../../slack/blocks.ts';
import type { Line } from '../../slack/digest.ts';
import { mentionUser } from '../../slack/mrkdwn.ts';
import { LATE } from '../notice/tell.ts';

/** What happened, in our own words; look-ups and the ends of codes make no line. */
const SENTENCES: Partial<Record<Row['event'], (who: string, row: Row) => string | undefined>> = {
  'many look-ups': () => ':eyes: More than three agents looked up one person within an hour.',
  refusal: (who) => `:no_entry: ${who} was refused.`,
  'approval asked': (who) => `:raised_hand: ${who} asked for approval of a registration code.`,
  approved: (who) => `:white_check_mark: ${who} approved a registration code.`,
  denied: (who) => `:x: ${who} denied a registration code.`,
  lapsed: (who, { reason }) =>
    `${who} asked for approval, and ${reason === 'lapsed' ? 'nobody decided in time' : 'the request was withdrawn'}.`,
  issued: (who, { approver }) => `:key: ${who} issued a registration code${by(approver)}.`,
  'not issued': (who) => `${who} asked for a registration code, and SecurID gave none.`,
  unknown: (who) =>
    `:warning: ${who} asked for a registration code; whether it was issued is unknown.`,
  'not told': () => ':warning: Somebody could not be told of the registration code for them.',
  told: (_, { reason }) =>
    reason === LATE
      ? ':white_check_mark: Somebody was told later of the registration code for them.'
      : undefined,
  reported: (who) => `:rotating_light: ${who} reported a registration code as not asked for.`,
  confirmed: (who) => `${who} said that a registration code was asked for by them.`,
  'block lifted': (who) => `:unlock: ${who} allowed registration codes for a user again.`,
  'lockdown on': (who) => `:lock: ${who} stopped all registration codes.`,
  'lockdown off': (who) => `:unlock: ${who} allowed registration codes again.`,
  'taken over': () =>
    ':warning: The audit trail was written by another process; this one writes it from here on.',
  'key introduced': () => ':warning: Another key signs the audit trail, which no row before names.',
  'key replaced': () => ':memo: A new key signs the audit trail, which the old one names.',
};

const by = (approver: string | undefined) =>
  approver ? `, approved by ${mentionUser(approver)}` : '';

/** What goes first where lines wait. Anybody can cause a refusal. */
const PRIORITIES: Partial<Record<Row['event'], Line['priority']>> = {
  reported: 'report',
  'block lifted': 'order',
  'lockdown on': 'order',
  'lockdown off': 'order',
  refusal: 'refusal',
};

/**
 * One readable line for a row, and what goes with it; `undefined` for a row that is not worth one.
 * @param anchor the row's number and hash, where they are worth keeping
 */
export function line(row: Row, anchor?: string): Line | undefined {
  const { event, incident } = row;
  const who = row.actor ? mentionUser(row.actor) : 'somebody';
  const text = SENTENCES[event]?.(row.actor ? who : 'Somebody', row);
  if (!text) return undefined;
  const details = [
    ['for', row.target],
    ['operation:', row.event === 'refusal' ? row.operation : undefined],
    ['reason:', row.reason],
    ['verified:', row.method],
    ['ticket:', row.ticket],
    ['failure:', row.failure],
    ['anchor', anchor],
    ['incident', row.incident],
  ].flatMap(([label, value]) => (value ? [`${label} ${value}`] : []));
  return {
    text,
    blocks: [paragraph(text), verbatimContext(details.join(' · '))],
    priority: PRIORITIES[event] ?? 'change',
    kind: event === 'refusal' ? `refusals of ${who}` : `rows “${event}” of ${who}`,
    incident,
  };
}

export type AnchorTime = 'start' | 'hour' | 'stop';

const ANCHOR_SENTENCES: Record<AnchorTime, string> = {
  start: ':anchor: SecurID Desk starts. This is where the audit trail ends.',
  hour: ':anchor: This is where the audit trail ends now.',
  stop: ':anchor: SecurID Desk stops. This is where the audit trail ends.',
};

/** Where the trail ends, for `audit:verify` to compare. The key tells the trails of several instances apart. */
export function anchor(end: { anchor: string; key: string | undefined }, when: AnchorTime): Line {
  const details = `anchor ${end.anchor}${end.key ? ` · key ${end.key}` : ''}`;
  const sentence = ANCHOR_SENTENCES[when];
  return {
    text: sentence,
    blocks: [paragraph(sentence), verbatimContext(details)],
    priority: 'change',
    kind: 'anchors',
    incident: 'audit trail',
  };
}

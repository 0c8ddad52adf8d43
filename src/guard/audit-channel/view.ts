import type { Row } from '../../audit/index.ts';
import { context, paragraph, verbatimContext } from '../../slack/blocks.ts';
import type { Line } from '../../slack/digest.ts';
import { mentionUser } from '../../slack/mrkdwn.ts';
import { LATE } from '../notice/tell.ts';
import { mentionsIn, wasOnlyLookedAt, whatFor, whyFailed, whyRefused } from './reasons.ts';

/** What happened, in our own words; look-ups and the ends of codes make no line. */
const SENTENCES: Partial<Record<Row['event'], (who: string, row: Row) => string | undefined>> = {
  'many look-ups': () => ':eyes: More than three agents looked up one user within an hour.',
  refusal: (who) => `:no_entry: ${who} was refused.`,
  'approval asked': (who) => `:raised_hand: ${who} asked for approval of a registration code.`,
  approved: (who) => `:white_check_mark: ${who} approved a registration code.`,
  denied: (who) => `:x: ${who} denied a registration code.`,
  lapsed: (who, { reason = '' }) =>
    `${who} asked for approval, and ${LAPSES[reason] ?? 'the request was withdrawn'}.`,
  issued: (who, { approver }) => `:key: ${who} issued a registration code${by(approver)}.`,
  'not issued': (who) => `${who} asked for a registration code, and none was issued.`,
  unknown: (who) =>
    `:warning: ${who} asked for a registration code; whether it was issued is unknown.`,
  'not told': () => ':warning: A user could not be told of a registration code issued for them.',
  told: (_, { reason }) =>
    reason === LATE
      ? ':white_check_mark: A user who could not be told at once now knows of their registration code.'
      : undefined,
  reported: (who, { reason }) =>
    `:rotating_light: ${who} reported a registration code as not asked for${issuedBy(reason)}.`,
  confirmed: (who, { reason }) =>
    `${who} said that they had asked for a registration code${issuedBy(reason)}.`,
  'block lifted': (who) => `:unlock: ${who} allowed registration codes for a user again.`,
  'lockdown on': (who) => `:lock: ${who} stopped all registration codes.`,
  'lockdown off': (who) => `:unlock: ${who} allowed registration codes again.`,
  'taken over': () =>
    ':warning: The audit trail was written by another process; this one writes it from here on.',
  'key introduced': () =>
    ':warning: The audit trail is now signed by another key, which no earlier row names.',
  'key replaced': () =>
    ':memo: The audit trail is now signed by a new key, which the old key introduced.',
};

/** For the record: nothing was let in, and nobody has to look into it. They stand small. */
const MINOR: ReadonlySet<Row['event']> = new Set<Row['event']>([
  'lapsed',
  'not issued',
  'told',
  'confirmed',
  'key replaced',
]);

/** In these the sentence itself says why. */
const SAID: ReadonlySet<Row['event']> = new Set<Row['event']>([
  'many look-ups',
  'lapsed',
  'told',
  'reported',
  'confirmed',
]);

const LAPSES: Record<string, string> = {
  lapsed: 'nobody decided in time',
  'it could not be asked for': 'it could not be asked for',
  lockdown: 'the request was withdrawn. SecurID Desk is in lockdown',
  'on hold': 'the request was withdrawn. The account is on hold',
};

const issuedBy = (reason: string | undefined) => {
  const [agent] = mentionsIn(reason);
  return agent ? `, issued by ${agent}` : '';
};

const listed = (names: string[]) =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');

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

type LineOptions = {
  /** The row's number and hash, where they are worth keeping. */
  anchor: string | undefined;
  /** What a SecurID user is called; `undefined` for somebody who is not known here. */
  nameOf: (userId: string) => string | undefined;
};

/** One readable line for a row, and what goes with it; `undefined` for a row that is not worth one. */
export function line(row: Row, { anchor, nameOf }: LineOptions): Line | undefined {
  const { event, incident, reason, failure } = row;
  const who = row.actor ? mentionUser(row.actor) : 'somebody';
  if (wasOnlyLookedAt(row)) return undefined;
  const text = SENTENCES[event]?.(row.actor ? who : 'Somebody', row);
  if (!text) return undefined;
  const agents = event === 'many look-ups' ? listed(mentionsIn(reason)) : '';
  const sentence = agents ? `${text} They are ${agents}.` : text;
  const isRefusal = event === 'refusal';
  const details = [
    ['for', row.target && (nameOf(row.target) ?? row.target)],
    ['operation:', isRefusal && row.operation ? whatFor(row.operation) : undefined],
    ['reason:', SAID.has(event) ? undefined : isRefusal && reason ? whyRefused(reason) : reason],
    ['verified:', row.method],
    ['ticket:', row.ticket],
    ['because:', failure && whyFailed(failure)],
    ['anchor', anchor],
    ['incident', row.incident],
  ].flatMap(([label, value]) => (value ? [`${label} ${value}`] : []));
  return {
    text,
    blocks: [
      MINOR.has(event) ? context(sentence) : paragraph(sentence),
      verbatimContext(details.join(' · ')),
    ],
    priority: PRIORITIES[event] ?? 'change',
    kind: isRefusal ? `refusals of ${who}` : `“${event}” rows of ${who}`,
    incident,
  };
}

export type AnchorTime = 'start' | 'hour' | 'stop';

const ANCHOR_SENTENCES: Record<AnchorTime, string> = {
  start: ':anchor: SecurID Desk has started. The audit trail ends here.',
  hour: ':anchor: The audit trail ends here now.',
  stop: ':anchor: SecurID Desk is stopping. The audit trail ends here.',
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

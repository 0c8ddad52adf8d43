import { type ChangeWords, meaningOf, type Row, type Said } from '../../audit/index.ts';
import { context, paragraph, verbatimContext } from '../../slack/blocks.ts';
import type { Line } from '../../slack/digest.ts';
import { mentionUser } from '../../slack/mrkdwn.ts';
import type { Changes } from '../change/changes.ts';
import { changeOf } from '../change/rows.ts';
import { before } from '../form/kept-view.ts';
import { mentionsIn, wasOnlyLookedAt, whatFor, whyFailed, whyRefused } from './reasons.ts';

const LAPSES: Record<string, string> = {
  lapsed: 'nobody decided in time',
  'it could not be asked for': 'it could not be asked for',
  lockdown: 'the request was withdrawn. SecurID Desk is in lockdown',
  'on hold': 'the request was withdrawn. The account is on hold',
};

const listed = (names: string[]) =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');

type LineOptions = {
  /** The row's number and hash, if they are worth keeping. */
  anchor: string | undefined;
  /** The name of a SecurID user; `undefined` if unknown. */
  nameOf: (userId: string) => string | undefined;
  changes: Changes;
};

/** A readable line for a row, with its details; `undefined` if the row is not worth one. */
export function line(row: Row, { anchor, nameOf, changes }: LineOptions): Line | undefined {
  const { event, incident, reason, failure } = row;
  const { line: meant } = meaningOf(event);
  const said = saidOf(row, changes);
  const text = wasOnlyLookedAt(row, changes) ? undefined : meant?.says(said);
  if (!meant || !text) return undefined;
  const isRefusal = event === 'refusal';
  const details = [
    ['for', row.target && (nameOf(row.target) ?? row.target)],
    ['which:', whichOf(row, changes)],
    ['operation:', isRefusal && row.operation ? whatFor(row.operation, changes) : undefined],
    [
      'reason:',
      meant.saysWhy ? undefined : isRefusal && reason ? whyRefused(reason, changes) : reason,
    ],
    ['denied because:', row.denial],
    [
      'verified:',
      row.method && [row.method, row.verified && before(row.verified)].filter(Boolean).join(', '),
    ],
    ['ticket:', row.ticket],
    ['because:', failure && whyFailed(failure, changes)],
    ['anchor', anchor],
    ['incident', incident],
  ].flatMap(([label, value]) => (value ? [`${label} ${value}`] : []));
  const people = meant.names ? listed(mentionsIn(reason)) : '';
  const sentence = people ? `${text} They are ${people}.` : text;
  const who = row.actor ? mentionUser(row.actor) : 'somebody';
  return {
    text,
    blocks: [
      meant.isMinor ? context(sentence) : paragraph(sentence),
      verbatimContext(details.join(' · ')),
    ],
    // Not before the row that lifted it.
    priority: said.stays ? 'order' : (meant.priority ?? 'change'),
    kind: isRefusal ? `refusals of ${who}` : `“${event}” rows of ${who}`,
    incident,
  };
}

/** Which of the user's authenticators a change was about. */
const whichOf = (row: Row, changes: Changes) =>
  row.input && changes.textOf(changeOf(row)).which?.(row.input);

function saidOf(row: Row, changes: Changes): Said {
  const { actor, approver, reason = '' } = row;
  const words: ChangeWords = changes.textOf(changeOf(row)).words;
  const [agent] = mentionsIn(reason);
  return {
    ...words,
    many: changes.stopped.many,
    who: actor ? mentionUser(actor) : 'SecurID Desk',
    reason,
    approved: approver ? `, approved by ${mentionUser(approver)}` : '',
    by: agent ? `, ${words.done} by ${agent}` : '',
    lapse: LAPSES[reason] ?? 'the request was withdrawn',
    stays: meaningOf(row.event).sets?.on === true && row.failure !== undefined,
  };
}

export type AnchorTime = 'start' | 'hour' | 'stop';

const ANCHOR_SENTENCES: Record<AnchorTime, string> = {
  start: ':anchor: SecurID Desk has started. The audit trail ends here.',
  hour: ':anchor: The audit trail ends here now.',
  stop: ':anchor: SecurID Desk is stopping. The audit trail ends here.',
};

/**
 * Where the trail ends, for `audit:verify` to compare. The key
 * distinguishes the trails of several instances.
 */
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

import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { createSigner, readPrivateKey } from '../../src/audit/key.ts';
import { FIRST_PREV, hashOf, type Row } from '../../src/audit/row.ts';
import { systemClock } from '../../src/clock.ts';
import { Pending } from '../../src/guard/approval/pending.ts';
import { createSeal } from '../../src/slack/seal.ts';
import { BOT_TOKEN } from './help-desk.ts';

const EARLIER: Record<string, string> = { done: 'issued', 'not done': 'not issued' };
const FORM = 'registration-code:issue';

type Written = Record<string, unknown> & Pick<Row, 'event' | 'seq'>;

/** A row as it was written by the last version whose only change was the registration code. */
function inEarlierWords({ input, ...row }: Written): Record<string, unknown> {
  const { event, operation } = row;
  return {
    ...row,
    event: EARLIER[event] ?? event,
    ...(operation === 'code' && event !== 'refusal' && { operation: FORM }),
    ...(typeof input === 'object' && input),
  };
}

/**
 * Turns a trail and its state into what the previous version would have left: signed with the same key, and
 * chained. With `until`, it was killed after that row: there are no later rows, and the state is older.
 */
export async function leftByTheVersionBefore(file: string, until?: string): Promise<void> {
  const signer = createSigner(readPrivateKey(readFileSync(`${file}.key`, 'utf8')));
  const rows = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const last = rows.findIndex(({ event }) => event === until);
  const places = [{ seq: 0, hash: FIRST_PREV }];
  const lines = (last === -1 ? rows : rows.slice(0, last + 1)).map(
    ({ key: _, sig: __, prev: ___, ...row }) => {
      const { hash: prev } = places.at(-1) as { hash: string };
      const line = JSON.stringify({ ...inEarlierWords(row), prev, key: signer.key });
      const signed = `${line.slice(0, -1)},"sig":"${signer.sign(line)}"}`;
      places.push({ seq: row.seq, hash: hashOf(signed) });
      return `${signed}\n`;
    },
  );
  writeFileSync(file, lines.join(''));
  const state = JSON.parse(readFileSync(`${file}.state`, 'utf8'));
  const reports = Object.values<Record<string, unknown>[]>(state.parts.reports ?? {});
  for (const report of reports.flat()) delete report.change;
  const { approvals = {}, trail } = state.parts;
  for (const [id, sealed] of Object.entries<string | null>(approvals)) {
    if (sealed) approvals[id] = await approvalInEarlierWords(sealed);
  }
  const seq = until === undefined ? trail?.seq : rows[last]?.seq - 1;
  state.parts.trail = places.find((place) => place.seq === seq);
  writeFileSync(`${file}.state`, JSON.stringify(state));
}

/** The stored request that waits for approval, as the previous version sealed it. */
async function approvalInEarlierWords(sealed: string): Promise<string> {
  const seal = createSeal(BOT_TOKEN, systemClock);
  const { posted, pending } = Sealed.parse(await seal.open(APPROVAL, sealed));
  const { change: _, input, card, verification, ...request } = pending.request;
  const { input: __, ...before } = card;
  const earlier = {
    ...request,
    card: { ...before, ...input },
    verification: { ...verification, ...input },
  };
  return seal.close(APPROVAL, { posted, pending: { ...pending, request: earlier } }, 60 * 60_000);
}

const APPROVAL = 'approval on disk';
const Sealed = z.object({ posted: z.unknown(), pending: Pending });

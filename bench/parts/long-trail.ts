import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { median } from '../statistics.ts';

const ROUNDS = 11;
const ROWS = 1_000_000;

/** How much longer a start takes with a long audit trail, with the last state and without. */
export async function longTrail(setting: Setting): Promise<Row[]> {
  const { folder } = setting.children;
  const long = join(folder, 'long.jsonl');
  const lost = join(folder, 'lost.jsonl');
  await Promise.all([writeRows(long), writeRows(lost)]);
  const times = { empty: [] as number[], long: [] as number[], lost: [] as number[] };
  // The first round warms the file cache.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const kind of ['empty', 'long', 'lost'] as const) {
      const file = { empty: join(folder, `empty-${round}.jsonl`), long, lost }[kind];
      const state = join(folder, `state-${kind}-${round}`);
      if (kind === 'long') writeFileSync(state, stateOf(ROWS - 1000));
      const server = await setting.start('desk', {
        env: { AUDIT_FILE: file, STATE_FILE: state },
      });
      if (round > 0) times[kind].push(server.startedIn);
      await server.stop();
    }
  }
  const beside = { 'ms empty': median(times.empty) };
  return [
    atMost(
      'start with an audit trail of 1,000,000 rows, times that with an empty one',
      median(times.long) / median(times.empty),
      1.5,
      { beside: { 'ms here': median(times.long), ...beside } },
    ),
    atMost(
      'the same without the state of the process before',
      median(times.lost) / median(times.empty),
      1.5,
      { beside: { 'ms here': median(times.lost), ...beside } },
    ),
  ];
}

/** Rows as long as those of look-ups. Their hashes and signatures are dummies: a start does not check the chain. */
async function writeRows(file: string): Promise<void> {
  const out = createWriteStream(file);
  for (let seq = 1; seq <= ROWS; seq++) {
    if (!out.write(rowOf(seq))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

const rowOf = (seq: number) =>
  `${JSON.stringify({
    time: '2026-03-04T09:00:00.000Z',
    seq,
    event: 'look-up',
    actor: 'U0JONAS',
    team: 'T0ACME',
    channel: 'C0HELPDESK',
    operation: 'user',
    target: 'grace@acme.test',
    incident: 'AAAA-AAAA',
    prev: HASH,
    key: 'A'.repeat(43),
    sig: 'A'.repeat(86),
  })}\n`;

const HASH = '0'.repeat(64);

const stateOf = (seq: number) =>
  JSON.stringify({ version: 1, parts: { orders: {}, trail: { seq, hash: HASH } } });

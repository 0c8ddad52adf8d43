import { parseArgs } from 'node:util';
import { acknowledgement, acknowledgementBesideChanges } from './parts/acknowledgement.ts';
import { answer } from './parts/answer.ts';
import { atOnce } from './parts/at-once.ts';
import { fairness } from './parts/fairness.ts';
import { longTrail } from './parts/long-trail.ts';
import { memory } from './parts/memory.ts';
import { pacing } from './parts/pacing.ts';
import { parked } from './parts/parked.ts';
import { sharing } from './parts/sharing.ts';
import { size } from './parts/size.ts';
import { start } from './parts/start.ts';
import { report } from './report.ts';
import type { Row } from './row.ts';
import { openSetting, type Setting } from './setting.ts';

type Part = (setting: Setting) => Promise<Row[]>;

/**
 * Stages run one after the other on two cores. Parts of one stage run together: they mostly wait for the
 * clock.
 */
const STAGES: Record<string, Part>[] = [
  { acknowledgement },
  { changes: acknowledgementBesideChanges },
  { 'at-once': atOnce },
  { answer },
  { pacing, fairness },
  { sharing },
  { start },
  { 'long-trail': longTrail },
  { memory },
  { parked },
  { size },
];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      /** Exits with 1 if a row misses its target. */
      strict: { type: 'boolean', default: false },
      /** Runs only this part; may be repeated. */
      only: { type: 'string', multiple: true },
    },
  });
  const setting = await openSetting();
  const rows: Row[] = [];
  try {
    for (const stage of STAGES) {
      const parts = Object.entries(stage).filter(([name]) => values.only?.includes(name) ?? true);
      if (parts.length === 0) continue;
      console.error(`${seconds()} ${parts.map(([name]) => name).join(', ')}`);
      rows.push(...(await Promise.all(parts.map(([, part]) => part(setting)))).flat());
    }
  } finally {
    await setting.stop();
  }
  console.error(`${seconds()} done\n`);
  report(rows);
  return values.strict && rows.some(({ holds }) => !holds) ? 1 : 0;
}

const seconds = () => `${Math.round(performance.now() / 1000)} s`.padStart(6);

process.exit(await main());

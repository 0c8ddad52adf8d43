import { stat } from 'node:fs/promises';
import type { Anchor } from '../../audit/chain.ts';
import { rotatedOf, withRotated } from '../../audit/files.ts';
import { Position } from '../../audit/index.ts';
import { type Verdict, verify } from '../../audit/verify.ts';
import { codeOf, partsIn, readSigner } from '../files.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import type { Services } from '../services.ts';
import { counted } from '../words.ts';

/** How long reading the rows may take, in milliseconds. */
const PATIENCE = 10_000;

/** Whether the rows are as they were written. */
export const chain: Check = {
  area: 'Audit trail',
  name: 'chain',
  isLate: true,
  async run(services) {
    const { auditFile } = services.config;
    const there = await stat(auditFile).catch(() => undefined);
    const isFile = there ? there.isFile() : rotatedOf(auditFile).length > 0;
    const anchors = await anchorsIn(services);
    if (!isFile) {
      const [anchor] = there ? [] : anchors;
      return anchor ? [gone(anchor)] : [];
    }
    const checked = await inTime(
      twice(() => checkRows(services, anchors)),
      services,
    ).catch(unread);
    if (!checked) {
      return [
        warning('chain', `could not be read within ${PATIENCE / 1000} s`, {
          remedy: 'Check it with node dist/main.js audit FILE.',
        }),
      ];
    }
    if ('result' in checked) return [checked];
    return [verdictLine(checked, anchors), ...anchorLine(checked)];
  },
};

function unread(error: unknown): Finding {
  const code = codeOf(error);
  if (code === undefined) throw error;
  return failed('chain', `cannot be read (${code})`, {
    remedy: 'Run the doctor as the user that runs the app, and look at the disk.',
    symptom: 'the-audit-trail-cannot-be-written',
  });
}

async function checkRows({ config }: Services, anchors: Anchor[]): Promise<Verdict> {
  const { key: last } = await readSigner(config.auditKeyFile).catch(() => ({ key: undefined }));
  return verify(withRotated(config.auditFile), { anchors, ...(last && { last }) });
}

/** A running instance may have been writing a row. */
async function twice(check: () => Promise<Verdict>): Promise<Verdict> {
  const verdict = await check();
  return verdict.ok ? verdict : check();
}

async function inTime<T>(work: Promise<T>, { clock }: Services): Promise<T | undefined> {
  let stop = () => {};
  const late = new Promise<undefined>((resolve) => {
    stop = clock.after(PATIENCE, () => resolve(undefined));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop();
  }
}

function verdictLine({ ok: isOk, rows, breaks, unsigned }: Verdict, anchors: Anchor[]): Finding {
  if (isOk)
    return ok(
      'chain',
      `${counted(rows, 'row')}, unbroken${unsigned > 0 ? `; ${unsigned} are not signed` : ''}`,
    );
  if (rows === 0 && anchors.length === 0) return ok('chain', 'no row yet');
  const [first] = breaks;
  const more = breaks.length > 1 ? `, and ${counted(breaks.length - 1, 'more place')}` : '';
  return failed('chain', `broken: ${first?.problem}${more}`, {
    remedy: 'Keep the files as they are. node dist/main.js audit FILE names every place.',
    symptom: 'the-audit-trail-is-broken',
  });
}

const anchorLine = ({ ok: isOk, rows, seq, hash }: Verdict): Finding[] =>
  isOk && rows > 0 ? [ok('anchor', `${seq}:${hash}`)] : [];

const gone = ({ seq }: Anchor): Finding =>
  failed('chain', `the trail is gone: the state knows of ${counted(seq, 'row')}`, {
    remedy: 'Find the file and its rotated files, and put them back.',
    symptom: 'the-audit-trail-is-broken',
  });

/** The app's last position in the trail. */
async function anchorsIn({ config }: Services): Promise<Anchor[]> {
  const parts = await partsIn(config.stateFile);
  const position = Position.safeParse(parts?.trail).data;
  return position && position.seq > 0 ? [position] : [];
}

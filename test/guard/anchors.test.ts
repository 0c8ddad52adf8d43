import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.ts';
import { SECURID_AUDIT as AUDIT, MIRA } from '../../src/playground/company.ts';
import { eventually, type HelpDesk, openHelpDesk } from '../support/help-desk.ts';
import { inTime } from '../support/passing-time.ts';
import { verify as record } from '../support/verification.ts';

const HOUR = 60 * 60_000;

const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({ env: { AUDIT_CHANNEL: AUDIT, ...env } });

async function issueFor({ agent }: HelpDesk) {
  const card = await agent.asks('/securid code alan@acme.test ios');
  const press = await record(agent, card);
  await press.answer();
  await press.answer();
}

const anchorsIn = (text: string) =>
  [...text.matchAll(/(\d+):([\da-f]{64})/g)].map(([, seq, hash = '']) => ({
    seq: Number(seq),
    hash,
  }));

const linesIn = ({ workspace, screen }: HelpDesk) =>
  workspace.messages.filter(({ channel }) => channel === AUDIT).map(screen);

const anchorsInChannel = (desk: HelpDesk) => anchorsIn(linesIn(desk).join('\n'));
const anchorsInLog = (desk: HelpDesk) => anchorsIn(desk.printed.join('\n'));

describe('the end of the audit trail', () => {
  it('is kept by the channel and the log: with a change, at the stop and at the start', async () => {
    const first = await openDesk();
    await issueFor(first);
    await first.close();
    const second = await openDesk({ AUDIT_FILE: first.auditFile });
    await eventually(() => linesIn(second).length === 1);

    expect(linesIn(first).at(-1)).toContain('SecurID Desk is stopping');
    expect(linesIn(second)[0]).toContain('SecurID Desk has started');
    expect(linesIn(second)[0]).toMatch(/ · key [\da-f]{32}$/m);
    expect(anchorsInChannel(first).map(({ seq }) => seq)).toEqual([3, 5]);
    expect(anchorsInLog(first)).toEqual(anchorsInChannel(first));
    expect(anchorsInChannel(second)).toEqual(anchorsInChannel(first).slice(-1));
    const anchors = [...anchorsInChannel(first), ...anchorsInChannel(second)];
    expect(await verify([first.auditFile], { anchors })).toMatchObject({ ok: true });
  });

  it('reveals rows that were cut off between two starts', async () => {
    const first = await openDesk();
    await issueFor(first);
    await first.close();
    const [look = '', intent = ''] = readFileSync(first.auditFile, 'utf8').split('\n');
    writeFileSync(first.auditFile, `${look}\n${intent}\n`);

    const { breaks } = await verify([first.auditFile], { anchors: anchorsInChannel(first) });

    expect(breaks.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('row 3 was cut off: there is an anchor 3:'),
      expect.stringContaining('rows 3 to 5 were cut off: there is an anchor 5:'),
    ]);
  });

  it('is kept in every hour with a row, and in no other', async () => {
    const desk = await openDesk({ SECURID_APPROVERS: MIRA });
    const ofTheHour = () => linesIn(desk).filter((line) => line.includes('ends here now'));
    // Answered once its row is on disk.
    await desk.manager.asks('/securid lockdown on');
    desk.clock.advance(HOUR);
    await inTime(desk, () => ofTheHour().length === 1);
    desk.clock.advance(HOUR);
    await desk.close();

    expect(anchorsIn(ofTheHour().join())).toMatchObject([{ seq: 1 }]);
  });

  it('is only in the log if there is no channel', async () => {
    const desk = await openDesk({ AUDIT_CHANNEL: '', SECURID_APPROVERS: MIRA });
    await desk.manager.asks('/securid lockdown on');
    desk.clock.advance(HOUR);
    await desk.agent.asks('/securid user grace@acme.test');
    await desk.close();

    expect(anchorsInLog(desk).map(({ seq }) => seq)).toEqual([2, 2]);
  });
});

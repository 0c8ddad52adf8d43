import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { readRow } from '../../../src/audit/row.ts';
import { systemClock } from '../../../src/clock.ts';
import * as company from '../../../src/playground/company.ts';
import { startTenant } from '../../../src/playground/tenant/index.ts';
import { startWorkspace } from '../../../src/playground/workspace/index.ts';
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET } from '../../support/help-desk.ts';
import { OUTPUT, SECRETS } from '../../support/printed.ts';
import type { Env } from '../../support/process.ts';
import { type Bot, type LogLine, startBot } from './bot.ts';
import { AGENT_IDS, busyCompany, busyRecords } from './company.ts';
import type { Entry } from './entry.ts';
import { createLedger } from './ledger.ts';

export type SceneOptions = {
  mode?: 'http' | 'socket';
  env?: Env;
  /** How wrong the bot's clock is, in milliseconds. */
  skew?: number;
  codeLifetime?: number;
  /** By how much the bot's waits of a second or longer are shortened. */
  haste?: number;
};

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** No limit by the client's pace, for tests of something else. */
const UNPACED: Env = {
  SECURID_REQUESTS_PER_SECOND: '500',
  SECURID_BURST: '500',
  SECURID_CONCURRENCY: '50',
  SECURID_CODES_PER_AGENT_HOUR: '1000',
  SECURID_CODES_PER_TARGET_DAY: '1000',
};

/** A tenant, a workspace and a help desk of fifty in real time, with the bot in its own process. */
export async function openScene(options: SceneOptions = {}) {
  const { mode = 'http', env = {}, skew = 0, codeLifetime = 5 * 60_000, haste = 1 } = options;
  const clock = systemClock;
  const tenant = await startTenant({ clock, records: busyRecords(clock.now(), codeLifetime) });
  const workspace = await startWorkspace({
    clock,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    signingSecret: SIGNING_SECRET,
    ...busyCompany(),
  });
  onTestFinished(async () => {
    const secrets = [...tenant.secrets(), BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, ''];
    appendFileSync(SECRETS, secrets.join('\n'));
    await tenant.stop();
    await workspace.stop();
  });
  const auditFile = join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`);
  const environment: Env = {
    ...UNPACED,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_API_URL: workspace.apiUrl,
    ...(mode === 'http'
      ? { SLACK_SIGNING_SECRET: SIGNING_SECRET, HOST: '127.0.0.1', PORT: '0' }
      : { SLACK_APP_TOKEN: APP_TOKEN }),
    AUDIT_FILE: auditFile,
    SECURID_API_KEY: JSON.stringify(tenant.apiKey),
    CHAOS_HASTE: String(haste),
    SECURID_AGENTS: company.HELP_DESK_GROUP,
    SECURID_MANAGERS: company.IT_MANAGERS_GROUP,
    ...env,
  };

  const logged: LogLine[] = [];
  const ledger = createLedger();
  let bot: Bot;

  async function start(wrongBy = skew): Promise<void> {
    bot = startBot(environment, {
      skew: wrongBy,
      onLine(line) {
        logged.push(line);
        ledger.heard(line);
      },
    });
    if (mode === 'http') {
      workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
    } else {
      await Promise.all([bot.says('ready'), workspace.connected()]);
    }
  }

  /**
   * Ends the process, and marks the commands that it accepted and never answered. Returns those under way.
   */
  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Entry[]> {
    const underWay = ledger.underWay();
    bot.child.kill(signal);
    await bot.ended();
    // Its last messages may still be arriving.
    await setTimeout(500);
    for (const entry of ledger.underWay()) entry.died();
    return underWay;
  }

  await start();
  return {
    tenant,
    workspace,
    ledger,
    logged,
    start,
    end,
    heap: () => bot.heap(),
    agents: AGENT_IDS.map((id) => workspace.person(id)),
    agentIds: AGENT_IDS,
    auditFile,
    rows: () =>
      readFileSync(auditFile, 'utf8')
        .split('\n')
        .flatMap((line) => readRow(line) ?? []),
  };
}

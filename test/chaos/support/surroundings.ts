import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import * as company from '../../../src/playground/company.ts';
import { startTenant } from '../../../src/playground/tenant/index.ts';
import { startWorkspace } from '../../../src/playground/workspace/index.ts';
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET } from '../../support/help-desk.ts';
import { OUTPUT, SECRETS } from '../../support/printed.ts';
import type { Env } from '../../support/process.ts';
import { AGENT_IDS, busyCompany, busyRecords } from './company.ts';

export type Surroundings = {
  mode?: 'http' | 'socket';
  env?: Env;
  codeLifetime?: number;
};

/** No limit by the client's pace, for tests of something else. */
const UNPACED: Env = {
  SECURID_REQUESTS_PER_SECOND: '500',
  SECURID_BURST: '500',
  SECURID_CONCURRENCY: '50',
  SECURID_CODES_PER_AGENT_HOUR: '1000',
  SECURID_CODES_PER_TARGET_DAY: '1000',
};

/** An audit trail that no other test writes. */
export const newTrail = (): string => join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`);

/** A tenant, a workspace and a help desk of fifty in real time, and the environment for a bot between them. */
export async function openSurroundings(options: Surroundings) {
  const { mode = 'http', env = {}, codeLifetime = 5 * 60_000 } = options;
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
  const environment = {
    ...UNPACED,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_API_URL: workspace.apiUrl,
    ...(mode === 'http'
      ? { SLACK_SIGNING_SECRET: SIGNING_SECRET, HOST: '127.0.0.1', PORT: '0' }
      : { SLACK_APP_TOKEN: APP_TOKEN }),
    AUDIT_FILE: newTrail(),
    SECURID_API_KEY: JSON.stringify(tenant.apiKey),
    SECURID_AGENTS: company.HELP_DESK_GROUP,
    SECURID_MANAGERS: company.IT_MANAGERS_GROUP,
    ...env,
  };
  const people = {
    agents: AGENT_IDS.map((id) => workspace.person(id)),
    agentIds: AGENT_IDS,
  };
  return { tenant, workspace, environment, people };
}

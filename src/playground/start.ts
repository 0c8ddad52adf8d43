import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type SecurIDDesk } from '../app.ts';
import type { Row } from '../audit/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import { readConfig } from '../config/config.ts';
import { switchesOf } from '../guard/change/changes.ts';
import { createKeepAliveFetch } from '../http/fetch.ts';
import { createLog } from '../log.ts';
import { CHANGES } from '../operations/changes.ts';
import * as company from './company.ts';
import { createInteractions, type Interactions } from './interactions.ts';
import { startTenant, type Tenant } from './tenant/index.ts';
import { startWorkspace, type Workspace } from './workspace/index.ts';

export type Playground = {
  tenant: Tenant;
  workspace: Workspace;
  app: SecurIDDesk;
  /** Which interaction each request belongs to. */
  interactions: Interactions;
  /** The bot's log, one line each. */
  logged: string[];
  /** Called with each line of the bot's log. */
  onLog(listener: (line: string) => void): void;
  /** Called with each row of the audit trail. */
  onAuditRow(listener: (row: Row) => void): void;
  stop(): Promise<void>;
};

// Made up, and worthless: both ends of every connection are in this process.
const SIGNING_SECRET = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const BOT_TOKEN = 'xoxb-playground';

/** The real bot between a tenant and a workspace in memory, all on loopback. */
export async function startPlayground(clock: Clock = systemClock): Promise<Playground> {
  const interactions = createInteractions();
  const tenant = await startTenant({ clock });
  const workspace = await startWorkspace({
    clock,
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    fetch: interactions.carriedBy(fetch),
    ...company.slackCompany(),
  });

  const folder = mkdtempSync(join(tmpdir(), 'securid-desk-'));
  const config = await readConfig(
    {
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: workspace.apiUrl,
      HOST: '127.0.0.1',
      PORT: '0',
      OPS_PORT: '0',
      SECURID_API_KEY: JSON.stringify(tenant.apiKey),
      SECURID_AGENTS: company.HELP_DESK_GROUP,
      SECURID_MANAGERS: company.IT_MANAGERS_GROUP,
      SECURID_APPROVERS: `${company.IT_MANAGERS_GROUP},${company.SANA}`,
      SECURID_CHANGES: switchesOf(CHANGES).join(','),
      SECURID_PROTECTED: company.EDDA,
      SECURID_APPROVAL_CHANNEL: company.APPROVALS,
      SECURID_SECURITY_CHANNEL: company.SECURITY,
      SECURID_LICENSES_PURCHASED: '1500',
      AUDIT_CHANNEL: company.SECURID_AUDIT,
      AUDIT_FILE: join(folder, 'audit.jsonl'),
    },
    () => '',
  );
  const logged: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  const log = createLog('info', {
    write(line: string) {
      logged.push(line.trimEnd());
      for (const listener of listeners) listener(line);
    },
  });
  const auditors: ((row: Row) => void)[] = [];
  const app = createApp({
    config,
    fetch: interactions.carriedBy(createKeepAliveFetch()),
    clock,
    log,
    onAuditRow(row) {
      for (const auditor of auditors) auditor(row);
    },
  });
  const { port } = await app.start();
  workspace.deliverTo(`http://127.0.0.1:${port}/slack/events`);

  return {
    tenant,
    workspace,
    app,
    interactions,
    logged,
    onLog: (listener) => void listeners.push(listener),
    onAuditRow: (listener) => void auditors.push(listener),
    async stop() {
      await app.stop();
      await workspace.stop();
      await tenant.stop();
      interactions.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

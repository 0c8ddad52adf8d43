import { resolve } from 'node:path';
import type { Environment } from './environment.ts';
import type { Problems, Secrets } from './secrets.ts';

/** What is wrong with settings that are each valid; adds to the problems. */
export function tellCombinations(env: Environment, secrets: Secrets, problems: Problems): void {
  tellApproval(env, problems);
  tellFiles(env, problems);
  tellSlack(env, secrets, problems);
}

function tellApproval(env: Environment, problems: Problems): void {
  if (env.SECURID_APPROVAL !== 'always') return;
  if (!env.SECURID_APPROVAL_CHANNEL) {
    problems.push('SECURID_APPROVAL_CHANNEL: is missing, and SECURID_APPROVAL is always');
  }
  if (env.SECURID_APPROVERS?.length === 0) {
    problems.push('SECURID_APPROVERS: is empty, and SECURID_APPROVAL is always');
  }
}

/** Two settings must not name the same file. */
function tellFiles(env: Environment, problems: Problems): void {
  const { AUDIT_FILE: audit = 'audit.jsonl', AUDIT_KEY_FILE: key, STATE_FILE: state } = env;
  const files = [audit, key ?? `${audit}.key`, state ?? `${audit}.state`].map((file) =>
    resolve(file),
  );
  if (new Set(files).size < files.length) {
    problems.push('AUDIT_FILE, AUDIT_KEY_FILE and STATE_FILE: must be three files');
  }
}

function tellSlack(env: Environment, { areLost }: Secrets, problems: Problems): void {
  if (env.SLACK_APP_TOKEN || env.SLACK_SIGNING_SECRET) return;
  if (areLost('SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET')) return;
  problems.push(
    'SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode): one of the two is needed',
  );
}

/** https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue */
export function tellUnchecked(env: Record<string, string | undefined>, problems: Problems): void {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return;
  problems.push(
    'NODE_TLS_REJECT_UNAUTHORIZED: must not be 0, or anybody in between can read every token; set NODE_EXTRA_CA_CERTS to the CA file of your company instead',
  );
}

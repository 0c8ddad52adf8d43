import { appendFileSync } from 'node:fs';
import type { Clock } from '../../../src/clock.ts';
import { systemClock } from '../../../src/clock.ts';
import { doctor } from '../../../src/doctor/doctor.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import type { Machine } from '../../../src/doctor/services.ts';
import type { Tenant } from '../../../src/playground/tenant/index.ts';
import { readSecretFile } from '../../../src/secret-file.ts';
import { PRINTED } from '../../support/printed.ts';
import { type Env, standIns } from '../../support/process.ts';

type Around = {
  args?: string[];
  machine?: Partial<Machine>;
  clock?: Partial<Clock>;
  colors?: boolean;
  freeBytes?: (folder: string) => Promise<number>;
};

/** On a busy machine, an answer that comes may take longer than the doctor waits. */
const unhurried: Pick<Clock, 'after'> = { after: (ms, run) => systemClock.after(4 * ms, run) };

/** Asks the doctor about an installation with this environment, in this process. */
export async function ask(env: Env, around: Around = {}) {
  const { args = [], machine = {}, clock = {}, colors = false, freeBytes } = around;
  let printed = '';
  let complained = '';
  const print = (text: string) => {
    printed += text;
    appendFileSync(PRINTED, text);
  };
  const code = await doctor({
    args,
    env,
    readFile: readSecretFile,
    machine: { node: 'v24.3.0', openFiles: 65_536, ...machine },
    clock: { ...systemClock, ...unhurried, ...clock },
    ...(freeBytes && { freeBytes }),
    colors,
    print,
    complain(text) {
      complained += text;
      appendFileSync(PRINTED, text);
    },
  });
  return { code, printed, complained };
}

/** What the doctor found, by name. */
export async function examine(env: Env, around: Around = {}) {
  const { code, printed } = await ask(env, { ...around, args: ['--json'] });
  const { ok, checks } = JSON.parse(printed) as { ok: boolean; checks: Finding[] };
  return {
    code,
    ok,
    checks,
    /** The lines about one thing. */
    about: (name: string) => checks.filter((check) => check.name === name),
  };
}

export { standIns };

/** The environment of an installation with an OAuth client in place of an API key. */
export function withOAuth(env: Env, { oauth }: Tenant, more: Env = {}): Env {
  const { SECURID_API_KEY: _, ...others } = env;
  return {
    ...others,
    SECURID_OAUTH_ISSUER_URL: oauth.issuerUrl,
    SECURID_OAUTH_CLIENT_ID: oauth.clientId,
    SECURID_OAUTH_PRIVATE_KEY: JSON.stringify(oauth.rsaPrivateKey),
    SECURID_ADMIN_API_URL: oauth.adminApiUrl,
    ...more,
  };
}

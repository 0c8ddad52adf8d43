import { parseArgs } from 'node:util';
import type { Clock } from '../clock.ts';
import { readAsFarAsPossible } from '../config/config.ts';
import { createChanges } from '../guard/change/changes.ts';
import { createKeepAliveFetch } from '../http/fetch.ts';
import { createOutbound } from '../http/outbound.ts';
import { createLog, withoutSecrets } from '../log.ts';
import { changesWith } from '../operations/changes.ts';
import { CHECKS } from './checks/index.ts';
import { freeBytes as freeBytesOf } from './files.ts';
import { createHiding } from './hiding.ts';
import { createProbe } from './probe.ts';
import { asJson, asText, isOk } from './report.ts';
import { createRoads } from './roads.ts';
import { LONGEST, runChecks } from './run-checks.ts';
import { createSecurIDAccess } from './securid-access.ts';
import type { Machine, Services } from './services.ts';
import { createSlackAccess } from './slack-access.ts';

const USAGE = `node dist/main.js doctor [--json]

Checks this installation against the real Slack and the real SecurID tenant,
and changes nothing. Takes ${LONGEST / 1000} s at most.

  --json  prints one JSON document

Exit code: 0 if everything works, 1 if something does not, 2 if it does not know
an argument.
`;

/** In milliseconds. */
const SILENT_FOR = 4000;

const WAITING = `Waiting for answers. This takes ${LONGEST / 1000} s at most.\n`;

type Options = {
  args: readonly string[];
  env: Record<string, string | undefined>;
  readFile: (path: string) => string;
  machine: Machine;
  /** By default, what the system says. */
  freeBytes?: (folder: string) => Promise<number>;
  clock: Clock;
  /** Whether colors can be seen. */
  colors: boolean;
  print: (text: string) => void;
  complain: (text: string) => void;
};

/**
 * Checks everything that the app needs, and says what is wrong and what to do.
 * @returns the exit code
 */
export async function doctor(options: Options): Promise<number> {
  const { args, clock, colors, print, complain } = options;
  const asked = read(args);
  if ('wrong' in asked) {
    complain(`${asked.wrong}\n\n${USAGE}`);
    return 2;
  }
  if (asked.help) {
    print(USAGE);
    return 0;
  }
  const begun = clock.elapsed();
  const texts: string[] = [];
  function readFile(path: string): string {
    const text = options.readFile(path);
    texts.push(text);
    return text;
  }
  const services = await servicesWith({ ...options, readFile });
  const hide = createHiding(options.env, texts);
  const stop = clock.after(SILENT_FOR, () => complain(WAITING));
  const found = await runChecks(CHECKS, services);
  stop();
  const results = found.map((one) => ({ ...one, findings: one.findings.map(hide) }));
  const took = clock.elapsed() - begun;
  print(asked.json ? asJson(results) : asText(results, { colors, took }));
  return isOk(results.flatMap(({ findings }) => findings)) ? 0 : 1;
}

function read(args: readonly string[]): { json: boolean; help: boolean } | { wrong: string } {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    const { json = false, help = false } = parseArgs({ args: [...args], options }).values;
    return { json, help };
  } catch (error) {
    // Behind the first sentence, Node explains its own rules.
    const [first = ''] = String(error instanceof Error ? error.message : error).split(/\. |\n/);
    return { wrong: `${withoutSecrets(first.replace(/\.$/, ''))}.` };
  }
}

async function servicesWith(options: Options): Promise<Services> {
  const { env, readFile, machine, clock, freeBytes = freeBytesOf } = options;
  const { config, problems } = await readAsFarAsPossible(env, readFile);
  const log = createLog('silent');
  const { fetch, reach, taken } = createRoads(await createOutbound(config.proxy));
  const { slackApi, securid } = config;
  return {
    config,
    problems,
    variables: Object.keys(env).filter((name) => env[name]),
    changes: createChanges(changesWith(config.changeSettings), config.changes).on,
    slack: slackApi && createSlackAccess(slackApi, { ...config, fetch, clock, log }),
    securid: securid && createSecurIDAccess(securid, { fetch, clock }),
    roads: taken,
    reach,
    caFile: env.NODE_EXTRA_CA_CERTS || undefined,
    isRunning: createProbe(config.ops, createKeepAliveFetch()),
    ...{ machine, freeBytes, clock },
  };
}

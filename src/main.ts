import { readFileSync } from 'node:fs';
import { createApp, type SecurIDDesk } from './app.ts';
import { systemClock } from './clock.ts';
import { type Config, ConfigError, readConfig } from './config/config.ts';
import { createCollector } from './http/garbage.ts';
import { CannotListen } from './http/listening.ts';
import { createOutbound } from './http/outbound.ts';
import { createLog, type Log } from './log.ts';
import { readSecretFile } from './secret-file.ts';
import { AppTokenRefused } from './slack/socket-mode.ts';
import { type Symptom, see, seeFor } from './troubleshooting.ts';

/** The process: starts the app, unless something else is asked for. */
async function main([word, ...args]: readonly string[]): Promise<void> {
  if (word === undefined) return run();
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command) return command(args);
  const isHelp = word === '--help' || word === '-h';
  process[isHelp ? 'stdout' : 'stderr'].write(
    isHelp ? USAGE : `There is no such command.\n\n${USAGE}`,
  );
  process.exitCode = isHelp ? 0 : 2;
}

const USAGE = `node dist/main.js           starts the app
node dist/main.js doctor    checks this installation, and changes nothing
node dist/main.js manifest  prints the manifest of the Slack app that this configuration needs
node dist/main.js audit     checks an audit trail
`;

/** The other commands. Each is loaded only when it is asked for. */
const COMMANDS: Record<string, (args: readonly string[]) => Promise<void>> = {
  async doctor(args) {
    const { doctor } = await import('./commands.ts');
    // The reader of a pipe may close it early, as `head` does.
    process.stdout.on('error', () => process.exit(1));
    const code = await doctor({
      args,
      env: process.env,
      readFile: readSecretFile,
      machine: { node: process.version, openFiles: openFileLimit() },
      clock: systemClock,
      colors: canSeeColors(),
      print: (text) => void process.stdout.write(text),
      complain: (text) => void process.stderr.write(text),
    });
    // Whatever still hangs must not keep the process alive.
    process.stdout.write('', () => process.exit(code));
  },
  async manifest(args) {
    const { manifest } = await import('./commands.ts');
    process.exitCode = manifest({
      args,
      env: process.env,
      print: (text) => void process.stdout.write(text),
      complain: (text) => void process.stderr.write(text),
    });
  },
  async audit(args) {
    const { checkTrail } = await import('./commands.ts');
    process.exitCode = await checkTrail(args);
  },
};

/** https://no-color.org */
const canSeeColors = () =>
  Boolean(process.stdout.isTTY) && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** Reads the configuration, starts, and stops on a signal. */
async function run(): Promise<void> {
  const config = await configuration();
  const log = createLog(config.logLevel);
  let isStopping = false;
  function stopOnce(how: Stop): void {
    // A second signal is ignored: codes must still be erased.
    if (!isStopping) void stop(app, log, how);
    isStopping = true;
  }
  const app = createApp({
    config,
    ...(await createOutbound(config.proxy)),
    clock: systemClock,
    log,
    ofProcess: true,
    onGivenUp(why) {
      const { place, remedy } = hint(why);
      log.fatal({ err: why, ...place }, `no longer hears from Slack${remedy}`);
      stopOnce({ code: 1 });
    },
    openFiles: openFileLimit(),
    collect: createCollector(),
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stopOnce({ signal, code: 0 }));
  }
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));

  try {
    const { port, opsPort } = await app.start();
    log.info({ opsPort }, port === undefined ? 'ready, in Socket Mode' : `ready, on port ${port}`);
  } catch (error) {
    if (isStopping) return;
    const { place, remedy } = hint(error);
    log.fatal({ err: error, ...place }, `could not start${remedy}`);
    process.exit(1);
  }
  if (isStopping) return;
  tellWorkspace(app, log);
  void app.check();
}

async function configuration(): Promise<Config> {
  try {
    return await readConfig(process.env, readSecretFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\nSee ${see('the-configuration-has-problems')}\n`);
    process.exit(2);
  }
}

const NO_HINT = { place: {}, remedy: '' };

/** What to do, and where that stands. */
function hint(error: unknown): { place: { see?: string }; remedy: string } {
  const [words, symptom] = remedyFor(error) ?? [];
  return symptom ? { place: { see: see(symptom) }, remedy: `: ${words}` } : NO_HINT;
}

function remedyFor(error: unknown): [words: string, symptom: Symptom] | undefined {
  if (error instanceof AppTokenRefused) {
    return [
      'make a new app-level token with the scope connections:write for SLACK_APP_TOKEN',
      'slack-gives-no-socket',
    ];
  }
  if (!(error instanceof CannotListen)) return undefined;
  const { code, place, variables } = error;
  if (code === 'EADDRINUSE') {
    return [
      `another program uses the port; set ${variables.port} to a free one`,
      'another-program-uses-the-port',
    ];
  }
  return [
    `it cannot listen at ${place}; check ${variables.host} and ${variables.port}`,
    'it-cannot-listen-there',
  ];
}

/** From Linux' /proc; Node has raised it as far as allowed. */
function openFileLimit(): number | undefined {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.NaN) || undefined;
  } catch {
    return undefined;
  }
}

/** Not awaited: the bot must start even if Slack is down. */
function tellWorkspace(app: SecurIDDesk, log: Log): void {
  app.workspace().then(
    ({ name }) => log.info({ workspace: name }, 'the bot token is good'),
    (error) =>
      log.error(
        { err: error, see: seeFor(error, 'slack-cannot-be-reached') },
        'Slack did not confirm the bot token',
      ),
  );
}

type Stop = { signal?: string; code: number };

async function stop(app: SecurIDDesk, log: Log, { signal, code }: Stop): Promise<void> {
  log.info({ signal }, 'stopping: running commands may finish');
  await app.stop().catch((error) => log.error({ err: error }, 'did not stop cleanly'));
  log.info('stopped');
  process.exit(code);
}

// Not awaited: what is loaded later imports this file, and would wait for it.
void main(process.argv.slice(2));

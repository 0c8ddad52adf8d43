import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { readRow } from '../../../src/audit/row.ts';
import { type Bot, type LogLine, startBot } from './bot.ts';
import type { Entry } from './entry.ts';
import { createLedger } from './ledger.ts';
import { openSurroundings, type Surroundings } from './surroundings.ts';

export type SceneOptions = Surroundings & {
  /** How wrong the bot's clock is, in milliseconds. */
  skew?: number;
  /** By how much the bot's waits of a second or longer are shortened. */
  haste?: number;
};

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** A tenant, a workspace and a help desk of fifty in real time, with the bot in its own process. */
export async function openScene(options: SceneOptions = {}) {
  const { mode = 'http', skew = 0, haste = 1 } = options;
  const { tenant, workspace, environment: common, people } = await openSurroundings(options);
  const environment = { ...common, CHAOS_HASTE: String(haste) };
  const { AUDIT_FILE: auditFile } = environment;

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
    ...people,
    auditFile,
    rows: () =>
      readFileSync(auditFile, 'utf8')
        .split('\n')
        .flatMap((line) => readRow(line) ?? []),
  };
}

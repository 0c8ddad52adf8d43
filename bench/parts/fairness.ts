import { setTimeout as sleep } from 'node:timers/promises';
import { type Answers, startAnswers } from '../answers.ts';
import { AGENT, COLLEAGUE } from '../commands.ts';
import { atMost, type Row } from '../row.ts';
import type { Sender } from '../sender.ts';
import type { Server } from '../servers/start.ts';
import { access, type Setting } from '../setting.ts';
import { percentile } from '../statistics.ts';

const PER_SECOND = 20;
const COMMANDS = 500;
const QUIET = 25;
const FLOODS = 2;
/** As long as the app lets the flood wait, in seconds. */
const FLOOD = 15;

/** Counts for an answer that is a failure or never comes, in milliseconds. */
const NOT_ANSWERED = 20_000;

/** One agent sends hundreds of commands at once while another works as usual. */
export async function fairness(setting: Setting): Promise<Row[]> {
  const answers = await startAnswers();
  const limited = () =>
    setting.standIns.ask('tenant', {
      delay: 20,
      limit: { perSecond: PER_SECOND, burst: PER_SECOND },
    });
  const [ourTenant, theirTenant] = await Promise.all([limited(), limited()]);
  const api = await access(theirTenant);
  const desk = await setting.start('desk', {
    tenant: ourTenant,
    env: { SECURID_REQUESTS_PER_SECOND: String(PER_SECOND), SECURID_BURST: String(PER_SECOND) },
  });
  const usual = await setting.start('usual', {
    tenant: theirTenant,
    env: { ADMIN_API: api.url, BEARER: api.token, PER_SECOND: String(PER_SECOND) },
  });
  const [ours, theirs] = await Promise.all([
    compare(setting, desk, answers),
    compare(setting, usual, answers),
  ]);
  await Promise.all([desk.stop(), usual.stop()]);
  answers.stop();

  return [
    atMost(
      'one agent floods 500 commands: the p95 of another, times the quiet one',
      ours.flooded / ours.quiet,
      3,
      {
        beside: {
          'ms quiet': ours.quiet,
          'ms flooded': ours.flooded,
          'Bolt + ofetch + Bottleneck': theirs.flooded / theirs.quiet,
        },
      },
    ),
  ];
}

async function compare(setting: Setting, { sender }: Server, answers: Answers) {
  const ask = asker(setting, sender, answers);
  await ask(COLLEAGUE, 'token 000000900001');
  const quiet = await onceASecond(ask, QUIET);
  const flooded: number[] = [];
  for (let flood = 0; flood < FLOODS; flood++) {
    const all = Array.from({ length: COMMANDS }, (_, one) =>
      ask(AGENT, `user person-${flood}-${one}@acme.test`),
    );
    flooded.push(...(await onceASecond(ask, FLOOD)));
    await Promise.all(all);
  }
  return { quiet: percentile(quiet, 0.95), flooded: percentile(flooded, 0.95) };
}

type AskFor = (user: string, text: string) => Promise<number>;

async function onceASecond(ask: AskFor, times: number): Promise<number[]> {
  const all: Promise<number>[] = [];
  for (let time = 0; time < times; time++) {
    await sleep(1000);
    all.push(ask(COLLEAGUE, 'token 000000900001'));
  }
  return Promise.all(all);
}

/** Milliseconds from a command to its answer. */
const asker =
  (setting: Setting, sender: Sender, answers: Answers): AskFor =>
  async (user, text) => {
    const { url, answer } = answers.next();
    const startedAt = performance.now();
    const tooLong = sleep(NOT_ANSWERED, 'Incident', { ref: false });
    await sender.send(setting.command({ text, user, responseUrl: url }));
    const said = await Promise.race([answer, tooLong]);
    return said.includes('Incident') ? NOT_ANSWERED : performance.now() - startedAt;
  };

import { beforeAll, expect, it } from 'vitest';
import type { Row } from '../../src/audit/row.ts';
import { verify } from '../../src/audit/verify.ts';
import type { Change } from '../../src/guard/change/change.ts';
import { switchesOf } from '../../src/guard/change/changes.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import * as company from '../../src/playground/company.ts';
import { build, type Env, run, standIns } from '../support/process.ts';
import { createRandom, type Random, seedOfThisRun } from '../support/random.ts';
import { rowsIn } from '../support/rows.ts';
import { add, reportAlans, type StandIns, WAYS } from '../support/ways.ts';

beforeAll(build);

const KILLS = Number(process.env.KILLS ?? 200);
/** Longer than from the last request to SecurID to the row about its outcome, in milliseconds. */
const SHORTEST = 30;

const intentsOf = (file: string) => rowsIn(file).filter(({ event }) => event === 'intent');

/** Of those SecurID was asked for. Only looking in the directory shares its API with a look-up. */
function askedFor({ name, api }: Change, tenant: StandIns['tenant']) {
  const route = api.replace(' ', ' /').replace(/\{\w+\}/, '{id}');
  return tenant.requests.filter(
    (one) =>
      one.route === route &&
      (name !== 'directory' || JSON.stringify(one.body).includes('searchUnsynched')),
  ).length;
}

/** Resolves with the next request to the tenant or the one after it, or soon if there is none. */
const nextRequest = (tenant: StandIns['tenant'], within: number, random: Random) =>
  new Promise<void>((resolve) => {
    const wanted = tenant.requests.length + random.one([1, 2]);
    const come = () => {
      stop();
      clearTimeout(waiting);
      resolve();
    };
    const stop = tenant.watch(() => {
      if (tenant.requests.length >= wanted) come();
    });
    const waiting = setTimeout(come, within);
  });

it('knows a way to each change', () => {
  expect(Object.keys(WAYS)).toEqual(CHANGES.map(({ name }) => name));
});

it(`sends no change without a row, and none twice, killed ${KILLS} times at random moments`, async () => {
  const random = createRandom(seedOfThisRun('slow'));
  const { tenant, workspace, env: usual } = await standIns();
  const env: Env = {
    ...usual,
    SECURID_CHANGES: switchesOf(CHANGES).join(','),
    SECURID_APPROVERS: company.MIRA,
    SECURID_SECURITY_CHANNEL: company.SECURITY,
    SECURID_CODES_PER_AGENT_HOUR: '10000',
    SECURID_CHANGES_PER_AGENT_HOUR: '10000',
    SECURID_PROTECTIONS_PER_AGENT_HOUR: '10000',
  };
  const file = env.AUDIT_FILE ?? '';
  const agent = workspace.person(company.JONAS);
  const start = async () => {
    const bot = run(env);
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
    return bot;
  };
  const first = await start();
  // From the last step to the user's notice, on this machine.
  const { alert, took } = await reportAlans({ tenant, workspace }, agent);
  first.child.kill();
  await first.ended();

  let cutShort = 0;
  let sent = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const change = CHANGES[kill % CHANGES.length] as Change;
    const bot = await start();
    // A different user each time: what may have been done still counts after a kill.
    const one = add(tenant, `person-${kill}@acme.test`);
    const around = { tenant, workspace, alert, button: change.say.verify };
    const lastStep = await WAYS[change.name]?.(agent, one, around);
    const [asked, intents] = [askedFor(change, tenant), intentsOf(file).length];

    const done = lastStep?.(agent);
    // On a slow machine only every other kill would come in the middle of something.
    const isLate = kill % 2 === 0;
    if (isLate) await nextRequest(tenant, took, random);
    setTimeout(() => bot.child.kill('SIGKILL'), random.between(0, isLate ? SHORTEST : took));
    await bot.ended();
    await done;

    // The tenant may still be handling the bot's last request, so requests are counted first.
    const requests = askedFor(change, tenant) - asked;
    const more = intentsOf(file).length - intents;
    expect([change.name, requests <= more, requests <= 1]).toEqual([change.name, true, true]);
    sent += requests;
    if (more > 0 && rowsIn(file).at(-1)?.event === 'intent') cutShort += 1;
  }

  const last = run(env);
  await last.port();
  const rows = rowsIn(file);
  const whose = ({ incident, operation }: Row) => `${incident} ${operation}`;
  const intents = rows.filter(({ event }) => event === 'intent');
  const outcomes = rows.filter(({ event }) => /^(done|not done|unknown)$/.test(event));
  expect(outcomes.map(whose).toSorted()).toEqual(intents.map(whose).toSorted());
  expect(await verify([file])).toMatchObject({ ok: true });
  console.log(`${KILLS} kills: ${intents.length} intents, ${sent} requests, ${cutShort} cut short`);
});

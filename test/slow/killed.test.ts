import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.ts';
import * as company from '../../src/playground/company.ts';
import { user } from '../../src/playground/tenant-records.ts';
import { build, type Env, run, standIns } from '../support/process.ts';
import { fillIn } from '../support/verification.ts';

beforeAll(build);

const KILLS = 200;
/** Longer than from the submission to the code on the screen, in milliseconds. */
const LONGEST = 120;

const rowsOf = (file: string): { event: string; incident: string }[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

it(`leaves no code without a row, killed ${KILLS} times at random moments`, async () => {
  const { tenant, workspace, env: usual } = await standIns();
  const env: Env = { ...usual, SECURID_CODES_PER_AGENT_HOUR: '10000' };
  const file = env.AUDIT_FILE ?? '';
  const agent = workspace.person(company.JONAS);
  let cutShort = 0;

  for (let kill = 1; kill <= KILLS; kill++) {
    const bot = run(env);
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
    // A different user each time: a code that may have been issued still counts after a kill.
    const email = `person-${kill}@acme.test`;
    tenant.records.users.push(user({ emailAddress: email }));
    const asked = await agent.types(`/securid code ${email} ios`);
    let card = await asked.answer();
    // Happens on a slow machine.
    if ('text' in card && card.text.includes('taking longer than usual'))
      card = await asked.answer();
    const { form } = await fillIn(agent, card);
    const codes = tenant.issuedCodes.length;
    const intents = rowsOf(file).filter(({ event }) => event === 'intent').length;

    const pressed = agent.submits(form);
    setTimeout(() => bot.child.kill('SIGKILL'), Math.random() * LONGEST);
    await bot.ended();
    await pressed;

    const rows = rowsOf(file);
    const more = rows.filter(({ event }) => event === 'intent').length - intents;
    // The tenant may still be handling the bot's last request, so codes are counted first.
    expect(tenant.issuedCodes.length - codes).toBeLessThanOrEqual(more);
    if (more > 0 && rows.at(-1)?.event === 'intent') cutShort += 1;
  }

  const last = run(env);
  await last.port();
  const rows = rowsOf(file);
  const intents = rows.filter(({ event }) => event === 'intent');
  const outcomes = rows.filter(({ event }) => /^(done|not done|unknown)$/.test(event));
  expect(outcomes.map(({ incident }) => incident).toSorted()).toEqual(
    intents.map(({ incident }) => incident).toSorted(),
  );
  expect(tenant.issuedCodes.length).toBeLessThanOrEqual(intents.length);
  expect(await verify([file])).toMatchObject({ ok: true });
  console.log(
    `${KILLS} kills: ${intents.length} intents, ${tenant.issuedCodes.length} codes, ${cutShort} cut short`,
  );
});

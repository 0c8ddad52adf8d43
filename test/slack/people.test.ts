import { webApi } from '@slack/bolt';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { startWorkspace } from '../../src/playground/workspace/index.ts';
import { createPeople } from '../../src/slack/people.ts';
import { manualClock } from '../support/manual-clock.ts';

const FIVE_MINUTES = 5 * 60_000;
const TOKEN = 'xoxb-people';

async function openPeople() {
  const clock = manualClock();
  const workspace = await startWorkspace({
    clock,
    botToken: TOKEN,
    ...company.slackCompany(),
  });
  onTestFinished(() => workspace.stop());
  const client = new webApi.WebClient(TOKEN, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    logLevel: webApi.LogLevel.ERROR,
  });
  const asked = () => workspace.apiCalls.map(({ method }) => method);
  return { people: createPeople({ client, clock }), workspace, clock, asked };
}

describe('people', () => {
  it('are as Slack describes them', async () => {
    const { people } = await openPeople();

    expect(await people.find(company.JONAS)).toEqual({
      id: 'U0JONAS',
      teamId: 'T0ACME',
      enterpriseId: undefined,
      teamIds: [],
      email: 'jonas@acme.test',
      isGuest: false,
      isBot: false,
      isDeactivated: false,
      isStranger: false,
    });
    expect(await people.find(company.GUEST)).toMatchObject({ isGuest: true });
    expect(await people.find(company.BOT.userId)).toMatchObject({ isBot: true });
    expect(await people.find('U0GONE')).toBeUndefined();
    expect([...(await people.members(company.HELP_DESK_GROUP))]).toEqual([company.JONAS]);
    expect(await people.workspace()).toMatchObject({ teamId: 'T0ACME', name: 'acme' });
  });

  it('are looked up once for all who ask at once', async () => {
    const { people, asked } = await openPeople();

    await Promise.all([1, 2, 3].map(() => people.find(company.JONAS)));

    expect(asked()).toEqual(['users.info']);
  });

  it('are remembered for five minutes', async () => {
    const { people, clock, asked } = await openPeople();
    await people.members(company.HELP_DESK_GROUP);

    clock.advance(FIVE_MINUTES - 1);
    await people.members(company.HELP_DESK_GROUP);
    expect(asked()).toHaveLength(1);

    clock.advance(1);
    await people.members(company.HELP_DESK_GROUP);
    expect(asked()).toHaveLength(2);
  });

  it('are remembered for a shift while Slack is asked about many, so that fresh answers are to be had', async () => {
    const { people, workspace, clock, asked } = await openPeople();
    const [jonas = { id: '' }] = workspace.people.filter(({ id }) => id === company.JONAS);
    const askAboutMany = (minute: number) =>
      Promise.all(Array.from({ length: 40 }, (_, index) => people.find(`U0${minute}X${index}`)));
    await people.find(company.JONAS);
    clock.advance(8 * 60 * 60_000 - 2);
    Object.assign(jonas, { isRestricted: true });

    await askAboutMany(1);
    expect(await people.find(company.JONAS)).toMatchObject({ isGuest: false });
    expect(await people.find(company.JONAS, { fresh: true })).toMatchObject({ isGuest: true });
    expect(await people.find(company.JONAS)).toMatchObject({ isGuest: true });

    // A guest may have become a member, and is not kept out for that long.
    Object.assign(jonas, { isRestricted: false });
    clock.advance(FIVE_MINUTES);
    await askAboutMany(2);
    expect(await people.find(company.JONAS)).toMatchObject({ isGuest: false });

    const before = asked().length;
    clock.advance(FIVE_MINUTES);
    await people.find(company.JONAS);
    expect(asked()).toHaveLength(before + 1);
  });

  it('are looked up again if the answer must be fresh', async () => {
    const { people, workspace } = await openPeople();
    await people.members(company.HELP_DESK_GROUP);
    for (const group of workspace.groups) group.users = [];

    expect(await people.members(company.HELP_DESK_GROUP)).toHaveProperty('size', 1);
    expect(await people.members(company.HELP_DESK_GROUP, { fresh: true })).toHaveProperty(
      'size',
      0,
    );
    expect(await people.members(company.HELP_DESK_GROUP)).toHaveProperty('size', 0);
  });

  it('are looked up again after a failure, which is not remembered', async () => {
    const { people, workspace } = await openPeople();
    workspace.failNext('users.info', { status: 500 });

    await expect(people.find(company.JONAS)).rejects.toThrow();
    expect(await people.find(company.JONAS)).toMatchObject({ id: company.JONAS });
  });

  it('stay known if a fresh look-up fails, but not to those who need a fresh one', async () => {
    const { people, workspace, asked } = await openPeople();
    await people.find(company.JONAS);
    workspace.failNext('users.info', { status: 500 });

    await expect(people.find(company.JONAS, { fresh: true })).rejects.toThrow();
    expect(await people.find(company.JONAS)).toMatchObject({ id: company.JONAS });
    expect(asked()).toHaveLength(2);
  });

  it('are shared for ten seconds at most when many need them fresh', async () => {
    const { people, workspace, clock, asked } = await openPeople();
    for (let count = 0; count < 50; count += 1) {
      await people.members(company.HELP_DESK_GROUP, { fresh: true });
    }
    const often = asked().length;
    expect(often).toBeLessThan(10);
    for (const group of workspace.groups) group.users = [];

    clock.advance(9_999);
    expect(await people.members(company.HELP_DESK_GROUP, { fresh: true })).toHaveProperty(
      'size',
      1,
    );
    clock.advance(1);
    expect(await people.members(company.HELP_DESK_GROUP, { fresh: true })).toHaveProperty(
      'size',
      0,
    );
    expect(asked()).toHaveLength(often + 1);
  });

  it('are looked up once for all who need them fresh at once', async () => {
    const { people, asked } = await openPeople();
    await Promise.all(
      [1, 2, 3].map(() => people.members(company.HELP_DESK_GROUP, { fresh: true })),
    );
    expect(asked()).toHaveLength(1);
  });

  it('are looked up again after a failure that came while another answer was awaited', async () => {
    const { people, workspace, clock } = await openPeople();
    workspace.failNext('users.info', { status: 500 }, 2);
    const first = people.find(company.JONAS);
    clock.advance(10_000);
    const second = people.find(company.JONAS, { fresh: true });
    await expect(first).rejects.toThrow();
    await expect(second).rejects.toThrow();

    expect(await people.find(company.JONAS)).toMatchObject({ id: company.JONAS });
  });
});

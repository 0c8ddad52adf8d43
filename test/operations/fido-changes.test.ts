import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, NOBODY } from '../../src/playground/company.ts';
import { fidoKey } from '../../src/playground/tenant-records.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  markedUp,
  openHelpDesk,
} from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { type Recorded, verify } from '../support/verification.ts';

type Options = { env?: Record<string, string> } & Omit<HelpDeskOptions, 'env'>;

const openDesk = ({ env = {}, ...options }: Options = {}) =>
  openHelpDesk({
    ...options,
    env: { SECURID_CHANGES: 'code,token,fido', SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env },
  });

const LIST = 'GET /v2/users/{id}/devices';

const keyOf = ({ tenant }: HelpDesk, name: string) => {
  const key = tenant.records.fidoTokens.find((one) => one.name === name);
  if (!key) throw new Error(`no key ${name}`);
  return key;
};

const EXAMPLES = [
  {
    name: 'fido-disable',
    press: "Disable Grace's FIDO token",
    key: "Grace's%20FIDO%20token",
    button: 'Disable the credential',
    recorded: { method: '' } as Recorded,
    status: 'Disabled',
    told: 'A FIDO credential of your SecurID account was disabled',
    none: 'The FIDO credential was not disabled.',
    unknown: 'SecurID may have disabled the FIDO credential',
  },
  {
    name: 'fido-enable',
    press: 'Enable Spare key',
    key: 'Spare key',
    button: 'Verify and enable',
    recorded: {} as Recorded,
    status: 'Enabled',
    told: 'A FIDO credential of your SecurID account was enabled',
    none: 'The FIDO credential was not enabled.',
    unknown: 'SecurID may have enabled the FIDO credential',
  },
] as const;
type Example = (typeof EXAMPLES)[number];

const listFor = ({ agent }: HelpDesk, who = 'grace@acme.test') =>
  agent.asks(`/securid authenticators ${who}`);

const cardFor = async (desk: HelpDesk, { press }: Pick<Example, 'press'>) =>
  desk.agent.clicks(await listFor(desk), press);

async function make(desk: HelpDesk, card: Message, { button, recorded }: Example) {
  const press = await verify(desk.agent, card, { button, ...recorded });
  await press.answer();
  await press.answer();
  return desk.screen(card);
}

describe.each(EXAMPLES)('$name', (example) => {
  const { name, key, button, status, told, none, unknown } = example;
  const isProtecting = name === 'fido-disable';
  const route = `PATCH /v1/fido/{id}/authenticators/{authenticatorId}/${name.slice(5)}`;
  const asked = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === route);

  it('is made once, shown, told and recorded', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk, example);
    expect(desk.screen(card)).toContain(`FIDO credential: ${decodeURIComponent(key)}`);
    expect(asked(desk)).toEqual([]);

    const reads = await make(desk, card, example);

    expect(reads).toContain(`FIDO status: ${status}`);
    expect(keyOf(desk, key).status).toBe(status);
    const request = desk.tenant.requests.find((one) => one.route === route);
    expect(request?.body).toBeUndefined();
    const notice = desk.workspace.messages.find(({ text }) => text.includes(told));
    expect(notice && desk.screen(notice).includes("This wasn't me")).toBe(!isProtecting);
    expect(notice && desk.screen(notice)).toContain(decodeURIComponent(key));
    const { id, userId } = keyOf(desk, key);
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === name);
    expect(rows.map(({ event }) => event)).toEqual(['intent', 'done', 'told']);
    expect(rows[0]).toMatchObject({ target: userId, input: { credential: id } });
  });

  it.each(['nothing', 'no content'] as const)(
    'reads the list back if SecurID answers %s',
    async (changeAnswer) => {
      const desk = await openDesk({ traits: { changeAnswer } });
      expect(await make(desk, await cardFor(desk, example), example)).toContain(
        `FIDO status: ${status}`,
      );
    },
  );

  it('says that it is not confirmed if the list cannot be read back', async () => {
    const desk = await openDesk({ traits: { changeAnswer: 'nothing' } });
    const card = await cardFor(desk, example);
    const press = await verify(desk.agent, card, { button, ...example.recorded });
    await press.answer();
    desk.tenant.answerNext({ status: 403 }, 9, LIST);
    await press.answer();
    expect(desk.screen(card)).toContain('SecurID accepted it, but did not confirm it.');
  });

  it('says that the credential is gone meanwhile, though RSA has no 404 for it', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk, example);
    desk.tenant.records.fidoTokens.length = 0;
    const reads = await make(desk, card, example);
    expect(reads).toContain(`${none} SecurID no longer has it`);
    expect(reads).toContain('SecurID has no such FIDO credential for this user now.');
    expect(reads).not.toContain('Try again');
  });

  it('tells the status as it is now if it is so already', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk, example);
    keyOf(desk, key).status = status;
    const body = { code: '409 CONFLICT', description: 'No.' };
    desk.tenant.answerNext({ status: 409, body }, 1, route);
    const reads = await make(desk, card, example);
    expect(reads).toContain(`${none} SecurID says`);
    expect(reads).toContain(`FIDO status now: ${status}`);
  });

  it('offers no form if it is so already, or gone', async () => {
    const desk = await openDesk();
    const list = await listFor(desk);
    keyOf(desk, key).status = status;
    const card = desk.screen(await desk.agent.clicks(list, example.press));
    expect(card).toContain(`⛔ This FIDO credential is already ${status.toLowerCase()}.`);
    expect(card).not.toContain(`[ ${button} ]`);
    desk.tenant.records.fidoTokens.length = 0;
    expect(desk.screen(await desk.agent.clicks(list, example.press))).toContain(
      '⛔ SecurID no longer has this FIDO credential.',
    );
  });

  it.each([{ status: 502 }, 'reset after', 'cut off'] as const)(
    'is never sent again after %o, and told as the list says',
    async (fault) => {
      const desk = await openDesk();
      const card = await cardFor(desk, example);
      desk.tenant.answerNext(fault, 1, route);
      const reads = await make(desk, card, example);
      expect(reads).toContain(typeof fault === 'string' ? `FIDO status: ${status}` : unknown);
      expect(reads).not.toContain('[ Try again ]');
      expect(asked(desk)).toHaveLength(1);
    },
  );

  it(isProtecting ? 'goes on during a lockdown' : 'stops in a lockdown', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk, example);
    await desk.person(MIRA).asks('/securid lockdown on');
    if (isProtecting) {
      expect(await make(desk, card, example)).toContain(`FIDO status: ${status}`);
      return;
    }
    const press = await verify(desk.agent, card, { button, ...example.recorded });
    await press.answer();
    expect(desk.screen(card)).toContain(`⛔ ${none} SecurID Desk is in lockdown`);
    expect(asked(desk)).toEqual([]);
  });

  it('is not offered for oneself, unless it takes access away', async () => {
    const desk = await openDesk();
    const jonas = desk.tenant.records.users.find(
      ({ emailAddress }) => emailAddress === 'jonas@acme.test',
    );
    const keyStatus = isProtecting ? 'Enabled' : 'Disabled';
    desk.tenant.records.fidoTokens.push(
      fidoKey({ userId: jonas?.id ?? '', name: 'Mine', status: keyStatus }),
    );
    const list = await listFor(desk, 'jonas@acme.test');
    const label = isProtecting ? 'Disable Mine' : 'Enable Mine';
    const offered = desk.screen(list).includes(`[ ${label} ]`);
    if (!offered) return;
    const card = desk.screen(await desk.agent.clicks(list, label));
    if (isProtecting) expect(card).toContain(`[ ${button} ]`);
    else expect(card).toContain('⛔ This is your own account.');
  });

  it('needs a second person for a protected user, unless it takes access away', async () => {
    const desk = await openDesk({
      env: { SECURID_PROTECTED: 'grace@acme.test', SECURID_APPROVAL_CHANNEL: APPROVALS },
    });
    const card = await cardFor(desk, example);
    if (isProtecting) {
      expect(await make(desk, card, example)).toContain(`FIDO status: ${status}`);
      return;
    }
    await (await verify(desk.agent, card, { button })).answer();
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;
    expect(desk.screen(request)).toContain(`FIDO credential: ${key}`);
    await desk.person(MIRA).clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes(`FIDO status: ${status}`));
    expect(asked(desk)).toHaveLength(1);
  });

  it('names the permission that is missing', async () => {
    const desk = await openDesk({ credential: 'oauth rsa' });
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.authenticator.fido.manage'), 1);
    const reads = await make(desk, await cardFor(desk, example), example);
    expect(reads).toContain(none);
    expect(reads).toContain('`rsa.authenticator.fido.manage`');
  });

  it('is nowhere if it is not switched on, and says so to an old button', async () => {
    const desk = await openDesk();
    const before = await listFor(desk);
    const after = await desk.openSecondBot({ switches: ['code'] });
    after.isAsked();
    expect(desk.screen(await listFor(desk))).not.toContain(example.press);
    expect(desk.screen(await desk.agent.clicks(before, example.press))).toContain(
      'Your SecurID Desk administrator can add `fido` to `SECURID_CHANGES`.',
    );
  });
});

describe('the list of a user’s authenticators', () => {
  const buttonsOf = ({ screen }: HelpDesk, list: Message) =>
    [...screen(list).matchAll(/\[ ([^\]]+) \]/g)].map(([, label]) => label);

  it('leads to each token’s card and changes each FIDO credential', async () => {
    const desk = await openDesk();
    const list = await listFor(desk);
    expect(buttonsOf(desk, list)).toEqual([
      'Token 000000900001',
      'Token 014010900007',
      "Disable Grace's FIDO token",
      'Enable Spare key',
      'Show browsers',
    ]);
    const card = await desk.agent.clicks(list, 'Token 014010900007');
    expect(desk.screen(card)).toContain('Owner: Grace Okafor, grace@acme.test');
    expect(desk.screen(card)).toContain('[ Disable token ]');
  });

  it('changes a user’s only token', async () => {
    const desk = await openDesk();
    const list = await listFor(desk, 'noor@acme.test');
    expect(buttonsOf(desk, list)).toEqual([
      'Enable token',
      'Clear PIN',
      'Unassign token',
      'Show browsers',
    ]);
    expect(desk.screen(await desk.agent.clicks(list, 'Enable token'))).toContain(
      'Token: 000000900004',
    );
  });

  it('shows the name that its user gave a credential as plain text', async () => {
    const desk = await openDesk();
    const list = await listFor(desk, 'mallory@acme.test');
    const [label = ''] = buttonsOf(desk, list).filter((one) => one?.startsWith('Disable 100%'));
    const card = await desk.agent.clicks(list, label);
    expect(desk.screen(card)).toContain('FIDO credential: 100% <@U0000000001>');
    expect(markedUp(card).join()).not.toContain('<@U0000000001>');
  });

  it('offers what takes access away to approvers, and nothing to change without a record', async () => {
    const desk = await openDesk();
    const mira = desk.person(MIRA);
    expect(buttonsOf(desk, await mira.asks('/securid authenticators grace@acme.test'))).toEqual([
      'Token 000000900001',
      'Token 014010900007',
      "Disable Grace's FIDO token",
      'Show browsers',
    ]);
    const { userId } = keyOf(desk, 'Spare key');
    expect(buttonsOf(desk, await listFor(desk, userId))).toEqual(['Show browsers']);
  });

  it('changes as many credentials as there are, up to fifteen, and skips one without room', async () => {
    const desk = await openDesk();
    const alan = desk.tenant.records.users.find(
      ({ emailAddress }) => emailAddress === 'alan@acme.test',
    );
    const userId = alan?.id ?? '';
    const names = Array.from({ length: 17 }, (_, index) => `Key ${index + 1}`);
    desk.tenant.records.fidoTokens.push(
      ...names.map((name) => fidoKey({ userId, name })),
      fidoKey({ userId, name: 'Long', id: 'a'.repeat(1364) }),
    );
    const list = await listFor(desk, 'alan@acme.test');
    expect(buttonsOf(desk, list)).toHaveLength(16);
    expect(desk.screen(list)).toContain(
      '2 entries have no button here. The Cloud Administration Console can change them.',
    );
    expect(desk.screen(await desk.agent.clicks(list, 'Disable Key 9'))).toContain(
      'FIDO credential: Key 9',
    );
  });
});

import { MIRA, SECURITY } from '../../src/playground/company.ts';
import type { startTenant } from '../../src/playground/tenant/index.ts';
import type { User } from '../../src/playground/tenant/records.ts';
import { fidoKey, phone, sid700, user } from '../../src/playground/tenant-records.ts';
import type {
  Exchange,
  Message,
  Person,
  Shown,
  startWorkspace,
} from '../../src/playground/workspace/index.ts';
import { fillIn } from './verification.ts';

export type StandIns = {
  tenant: Awaited<ReturnType<typeof startTenant>>;
  workspace: Awaited<ReturnType<typeof startWorkspace>>;
};

/** The last step of an agent: what it sends makes the change. */
export type LastStep = (agent: Person) => Promise<unknown>;

type Around = StandIns & {
  /** What the button on the change's card says. */
  button: string;
  /** Of the change that Alan reported. */
  alert: Message;
};

/** How a change is made for a user of its own: all steps but the last. */
export type Way = (agent: Person, user: User, around: Around) => Promise<LastStep>;

const serialOf = ({ emailAddress }: User) => emailAddress.replace(/\D/g, '').padStart(12, '9');

/** A user whose methods are locked, with emergency access, and an authenticator of each kind. */
export function add(
  { records }: StandIns['tenant'],
  email: string,
  more: Partial<User> = {},
): User {
  const one = user({
    emailAddress: email,
    isTokenLocked: true,
    emergencyAccessStatus: 'Enabled',
    emergencyTokencodeId: '3c0f5a1e-5b8d-4f2a-9d6c-7e1b2a4c8d90',
    ...more,
  });
  records.users.push(one);
  return one;
}

/** What the agent reads in the end, if there is a line in between that it takes long. */
async function shown(asked: Exchange): Promise<Message> {
  let answer = await asked.answer();
  while ('text' in answer && answer.text.includes('taking longer than usual')) {
    answer = await asked.answer();
  }
  return answer as Message;
}

const typed = async (agent: Person, text: string) => shown(await agent.types(`/securid ${text}`));
const pressed = async (agent: Person, where: Shown, label: string) =>
  shown(await agent.presses(where, label));

/** Presses the button, or chooses it from the card's menu. */
async function led(agent: Person, where: Shown, label: string): Promise<Message> {
  const hasButton = JSON.stringify(where).includes(
    `"text":{"type":"plain_text","text":"${label}"},"action_id"`,
  );
  if (hasButton) return pressed(agent, where, label);
  return shown((await agent.chooses(where, 'More actions', label)) as Exchange);
}

/** Fills in the form behind the card's button. */
async function form(
  agent: Person,
  card: Message,
  button: string,
  { method, choice }: { method?: string; choice?: [label: string, option: string] } = {},
): Promise<LastStep> {
  const filled = await fillIn(agent, card, { button, ...(method === '' && { method }) });
  if (choice) await agent.chooses(filled.form, ...choice);
  return (by) => by.submits(filled.form);
}

const NO_METHOD = { method: '' };
const DEVICE: [string, string] = ['Device', 'Phone (iOS 18.1) since 2025-02-03'];

const token =
  (asked: string, record: Partial<Parameters<typeof sid700>[0]>, filled = {}): Way =>
  async (agent, one, { tenant, button }) => {
    const serial = serialOf(one);
    tenant.records.tokens.push(sid700({ ...record, tokenSerialNumber: serial }));
    const card = await typed(agent, `token ${serial} ${asked} ${one.emailAddress}`);
    return form(agent, card, button, filled);
  };

const owned =
  (asked: string, state: object, filled = {}): Way =>
  (agent, one, around) =>
    token(asked, { userId: one.id, ...state }, filled)(agent, one, around);

const fido =
  (status: 'Enabled' | 'Disabled', verb: string, filled = {}): Way =>
  async (agent, one, { tenant, button }) => {
    const key = fidoKey({ userId: one.id, id: `k-${serialOf(one)}`, name: 'Key', status });
    tenant.records.fidoTokens.push(key);
    const list = await typed(agent, `authenticators ${one.emailAddress}`);
    const card = await pressed(agent, list, `${verb} Key`);
    return form(agent, card, button, filled);
  };

const phoneOf = (one: User, more: object = {}) =>
  phone({ userId: one.id, id: serialOf(one), name: 'Phone', deviceType: 'iOS 18.1', ...more });

/** By the name of the change. */
export const WAYS: Record<string, Way> = {
  code: async (agent, { emailAddress }, { button }) =>
    form(agent, await typed(agent, `code ${emailAddress} ios`), button),
  unlock: async (agent, { emailAddress }, { button }) =>
    form(agent, await typed(agent, `unlock ${emailAddress}`), button),
  async delete(agent, one, { tenant, button }) {
    tenant.records.devices.push(phoneOf(one));
    const card = await typed(agent, `delete ${one.emailAddress}`);
    return form(agent, card, button, { choice: DEVICE });
  },
  async 'delete-added'(_, __, { tenant, workspace, alert, button }) {
    const alan = tenant.records.users.find(({ emailAddress }) => emailAddress.startsWith('alan@'));
    if (!alan) throw new Error('Alan is gone');
    const at = new Date(Date.now() + 60_000).toISOString();
    const others = tenant.records.devices.filter(({ userId }) => userId !== alan.id);
    tenant.records.devices.splice(0, Infinity, ...others, phoneOf(alan, { registeredDate: at }));
    const mira = workspace.person(MIRA);
    const card = await pressed(mira, alert, 'Delete an added device');
    const choice: [string, string] = ['Device', `Phone (iOS 18.1) since ${at.slice(0, 10)}`];
    const last = await form(mira, card, button, { ...NO_METHOD, choice });
    return () => last(mira);
  },
  async emergency(agent, one, { button }) {
    Object.assign(one, { emergencyAccessStatus: 'Disabled', emergencyTokencodeId: null });
    const card = await typed(agent, `emergency ${one.emailAddress}`);
    return form(agent, card, button);
  },
  async 'end-emergency'(agent, { emailAddress }, { button }) {
    const person = await typed(agent, `user ${emailAddress}`);
    const card = await led(agent, person, 'End emergency access');
    return form(agent, card, button, NO_METHOD);
  },
  disable: async (agent, { emailAddress }, { button }) =>
    form(agent, await typed(agent, `disable ${emailAddress}`), button, NO_METHOD),
  async enable(agent, one, { button }) {
    one.userStatus = 'Disabled';
    return form(agent, await typed(agent, `enable ${one.emailAddress}`), button);
  },
  'token-disable': owned('disable', {}, NO_METHOD),
  'token-enable': owned('enable', { tokenStatus: 'Disabled' }),
  'token-clear-pin': owned('clear-pin', {}),
  'token-unassign': owned('unassign', {}),
  'token-assign': token('assign', {}),
  'fido-disable': fido('Enabled', 'Disable', NO_METHOD),
  'fido-enable': fido('Disabled', 'Enable'),
  sync: async (_, one) => (agent) => agent.types(`/securid sync ${one.emailAddress}`),
  async directory(agent, one, { tenant }) {
    const { users } = tenant.records;
    users.splice(users.indexOf(one), 1);
    tenant.records.directory = [...(tenant.records.directory ?? []), one];
    const nobody = await typed(agent, `user ${one.emailAddress}`);
    return (by) => by.presses(nobody, 'Look in the directory');
  },
};

/** A code after the old phone was deleted: two changes in one request. */
export const newPhone: Way = async (agent, one, { tenant, button }) => {
  tenant.records.devices.push(phoneOf(one));
  const card = await typed(agent, `code ${one.emailAddress} ios`);
  const choice: [string, string] = ['Registered device', `Delete ${DEVICE[1]} first`];
  return form(agent, card, button, { choice });
};

/** A code for Alan, how long it took in milliseconds, and what security reads when Alan reports it. */
export async function reportAlans({ workspace }: StandIns, agent: Person) {
  const last = await form(agent, await typed(agent, 'code alan@acme.test ios'), 'Verify and issue');
  const startedAt = Date.now();
  await last(agent);
  const notice = await eventually(() => workspace.seenBy('U0ALAN', 'DU0ALAN').at(-1));
  const took = Date.now() - startedAt;
  await shown(await workspace.person('U0ALAN').presses(notice, "This wasn't me"));
  const alert = await eventually(() =>
    workspace.messages.find(({ channel }) => channel === SECURITY),
  );
  return { alert, took };
}

async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

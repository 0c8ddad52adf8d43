import { APPROVALS, HELP_DESK, HELP_DESK_GROUP, MIRA } from '../../src/playground/company.ts';
import type { Tenant } from '../../src/playground/tenant/index.ts';
import { user } from '../../src/playground/tenant-records.ts';
import type {
  Exchange,
  Message,
  Person,
  Shown,
  View,
  Workspace,
} from '../../src/playground/workspace/index.ts';

export type Work = {
  /** The help, a user's card, a registration code, or one that needs a second person. */
  kind: 'help' | 'user' | 'code' | 'approved';
  /** The number of the first agent; each does it once. */
  from: number;
  count: number;
  atOnce: number;
};

/** Whose changes a second person approves. */
export const PROTECTED_DOMAIN = 'board.acme.test';

/** A channel takes a message a second; in milliseconds. */
const PATIENCE = 60_000;

const agentId = (number: number) => `U0CROWD${number}`;

/** Agents in the help desk's group, in front of several instances that take turns. */
export function createCrowd(workspace: Workspace, tenant: Tenant) {
  let urls: string[] = [];
  let turn = 0;
  let made = 0;

  /** The next request goes to the next instance. */
  const takeTurns = () => workspace.deliverTo(`${urls[turn++ % urls.length]}/slack/events`);

  function join(count: number): void {
    const group = workspace.groups.find(({ id }) => id === HELP_DESK_GROUP);
    const channel = workspace.channels.find(({ id }) => id === HELP_DESK);
    for (let number = 0; number < count; number += 1) {
      const id = agentId(number);
      const name = `agent-${number}`;
      const email = `${name}@acme.test`;
      workspace.people.push({ id, name, realName: name, email });
      tenant.records.users.push(user({ emailAddress: email }));
      group?.users.push(id);
      channel?.members.push(id);
    }
  }

  /** A new user, in Slack and in SecurID. */
  function newUser(domain: string): string {
    made += 1;
    const name = `user-${made}`;
    const email = `${name}@${domain}`;
    workspace.people.push({ id: `U0USER${made}`, name, realName: name, email });
    tenant.records.users.push(user({ emailAddress: email }));
    return email;
  }

  async function types(agent: Person, text: string): Promise<Exchange> {
    takeTurns();
    return agent.types(text, { channel: HELP_DESK });
  }

  async function presses(person: Person, where: Shown, label: string): Promise<Exchange> {
    takeTurns();
    return person.presses(where, label);
  }

  async function issue(agent: Person, email: string): Promise<Exchange> {
    const card = await (await types(agent, `/securid code ${email} ios`)).answer(PATIENCE);
    const press = await presses(agent, card, 'Verify and issue').catch((error) => {
      throw new Error(`${textOf(card)}: ${error}`);
    });
    const form = (await press.answer(PATIENCE)) as View;
    await agent.chooses(form, 'How did you verify the caller?', 'In person with badge');
    agent.fills(form, 'Ticket', `INC-${email}`);
    agent.fills(form, 'Reason', 'New telephone');
    takeTurns();
    await agent.submits(form);
    await press.answer(PATIENCE);
    return press;
  }

  const requestFor = (email: string) =>
    workspace.messages.find(
      ({ channel, blocks }) => channel === APPROVALS && JSON.stringify(blocks).includes(email),
    );

  const ways: Record<Work['kind'], (agent: Person) => Promise<unknown>> = {
    help: async (agent) => (await types(agent, '/securid help')).answer(PATIENCE),
    async user(agent) {
      const email = newUser('acme.test');
      const card = await (await types(agent, `/securid user ${email}`)).answer(PATIENCE);
      if (!JSON.stringify(card).includes(email)) throw new Error(`no card: ${textOf(card)}`);
    },
    code: async (agent) => (await issue(agent, newUser('acme.test'))).answer(PATIENCE),
    async approved(agent) {
      const email = newUser(PROTECTED_DOMAIN);
      const asked = await issue(agent, email);
      const request = requestFor(email) as Message;
      await presses(workspace.person(MIRA), request, 'Approve');
      while (!JSON.stringify((await asked.answer(PATIENCE)) as Message).includes('Hide now'));
    },
  };

  return {
    join,
    serveAt(all: string[]): void {
      urls = all;
    },
    /** Resolves with how long each took, in milliseconds. */
    async work({ kind, from, count, atOnce }: Work): Promise<number[]> {
      const times: number[] = [];
      let next = from;
      const one = async () => {
        while (next < from + count) {
          const agent = workspace.person(agentId(next++));
          const startedAt = performance.now();
          await ways[kind](agent);
          times.push(performance.now() - startedAt);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, one));
      return times;
    },
  };
}

const textOf = (shown: Shown) => (shown.kind === 'message' ? shown.text : 'a form');

export type Crowd = ReturnType<typeof createCrowd>;

import { setTimeout as sleep } from 'node:timers/promises';
import { HELP_DESK } from '../../src/playground/company.ts';
import type { Tenant } from '../../src/playground/tenant/index.ts';
import { user } from '../../src/playground/tenant-records.ts';
import type { Workspace } from '../../src/playground/workspace/index.ts';

/** Several, because each fills in one form at a time. */
export const AGENTS = Array.from({ length: 20 }, (_, number) => `U0AGENT${number}`);

export type Changes = {
  /** Resolves with how many were begun, once all of them have ended. */
  stop(): Promise<number>;
};

/** Agents who keep asking for registration codes, each time for another user. */
export function startChanges(
  workspace: Workspace,
  tenant: Tenant,
  { url, perMinute }: { url: string; perMinute: number },
): Changes {
  workspace.deliverTo(url);
  const under = new Set<Promise<void>>();
  let begun = 0;
  let goesOn = true;

  async function change(number: number): Promise<void> {
    const agent = workspace.person(AGENTS[number % AGENTS.length] ?? '');
    const name = `person-${number}`;
    const email = `${name}@acme.test`;
    workspace.people.push({ id: `U0PERSON${number}`, name, realName: name, email });
    tenant.records.users.push(user({ emailAddress: email }));
    const typed = await agent.types(`/securid code ${email} ios`, { channel: HELP_DESK });
    const press = await agent.presses(await typed.answer(), 'Verify and issue');
    const form = await press.answer();
    if (form.kind !== 'view') throw new Error('no form opened');
    await agent.chooses(form, 'How did you verify the caller?', 'In person with badge');
    agent.fills(form, 'Ticket', `INC-${number}`);
    agent.fills(form, 'Reason', 'New telephone');
    await agent.submits(form);
    // The first answer says that SecurID is asked, the second is the code.
    await press.answer();
    await press.answer();
  }

  async function begin(): Promise<void> {
    while (goesOn) {
      const one = change(begun++).catch((error) => console.error('a change failed:', error));
      under.add(one);
      void one.finally(() => under.delete(one));
      await sleep(60_000 / perMinute);
    }
  }
  const beginning = begin();

  return {
    async stop() {
      goesOn = false;
      await beginning;
      await Promise.all(under);
      return begun;
    },
  };
}

/** Adds the agents to the workspace and the help desk's group. */
export function inviteAgents(workspace: Workspace): void {
  for (const id of AGENTS) {
    const name = id.slice(2).toLowerCase();
    workspace.people.push({ id, name, realName: name, email: `${name}@acme.test` });
    workspace.channels.find((one) => one.id === HELP_DESK)?.members.push(id);
  }
}

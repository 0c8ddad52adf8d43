import type { Log } from '../../log.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { People, Person } from '../../slack/people.ts';
import type { Lockdown } from '../lockdown/lockdown.ts';
import type { Standing } from '../roles.ts';

/** What `SECURID_PROTECTED` names, by kind. */
export type Protected = {
  groups: string[];
  userIds: string[];
  /** In lower case. */
  emails: string[];
  /** In lower case, without the `@`. */
  domains: string[];
};

/** Who asks for a code, and for whom, as Slack and SecurID know them now. */
export type Application = { agentId: string; standing: Standing; user: UserDetails };

/** Which rule refuses: its name for the audit trail, its sentence for the agent. */
export type Refusal = { rule: string; sentence: string };

type Facts = Application & {
  fresh: boolean;
  agent: Person | undefined;
  /** The user's own account in Slack, if there is one. */
  person: Person | undefined;
};

type Rule = Refusal & {
  /** Throws where it cannot be told. */
  allows(facts: Facts): boolean | Promise<boolean>;
};

export type Gate = {
  /**
   * The first rule that refuses; `undefined` when a code may be issued. Never throws. `fresh` asks Slack
   * again, in place of an answer some minutes old.
   */
  refusal(application: Application, options?: { fresh?: boolean }): Promise<Refusal | undefined>;
};

const UNKNOWN: Refusal = {
  rule: 'cannot be told',
  sentence:
    'SecurID Desk could not check just now whether this code may be issued. Please try again in a minute.',
};

type Wiring = { people: People; protection: Protected; lockdown: Lockdown; log: Log };

/** The rules for issuing a registration code. One that cannot be told refuses. */
export function createGate({ people, protection, lockdown, log }: Wiring): Gate {
  const rules: Rule[] = [
    {
      rule: 'lockdown',
      sentence: 'SecurID Desk is in lockdown: no registration codes are issued.',
      allows: () => !lockdown.isOn(),
    },
    {
      rule: 'the agent’s role',
      sentence: 'Only the help desk may issue registration codes.',
      allows: ({ standing }) => standing.roles.has('agent'),
    },
    {
      rule: 'not for oneself',
      sentence: 'This is your own account. A colleague has to issue the code.',
      allows: ({ agentId, agent, person, user }) =>
        person?.id !== agentId && known(agent?.email) !== known(user.emailAddress),
    },
    {
      rule: 'protected',
      sentence:
        'This account is protected, and gets no code through Slack. Please turn to the SecurID administrators.',
      allows: async (facts) => !(await isProtected(facts)),
    },
    {
      rule: 'enabled',
      sentence:
        'The user is not enabled, and gets no code. The SecurID administrators have to enable the user first.',
      allows: ({ user }) => user.userStatus === 'Enabled',
    },
    {
      rule: 'pending deletion',
      sentence: 'The user is pending deletion, and gets no code.',
      allows: ({ user }) => user.markDeleted !== true,
    },
  ];

  async function isProtected({ person, user, fresh }: Facts): Promise<boolean> {
    const email = known(user.emailAddress);
    const [, domain = ''] = email.split('@');
    if (protection.emails.includes(email) || protection.domains.includes(domain)) return true;
    if (!person) return false;
    if (protection.userIds.includes(person.id)) return true;
    const groups = await Promise.all(protection.groups.map((id) => people.members(id, { fresh })));
    return groups.some((members) => members.has(person.id));
  }

  return {
    async refusal(application, { fresh = false } = {}) {
      try {
        const [agent, person] = await Promise.all([
          people.find(application.agentId, { fresh }),
          people.findByEmail(known(application.user.emailAddress)),
        ]);
        const facts = { ...application, agent, person, fresh };
        for (const { rule, sentence, allows } of rules) {
          if (!(await allows(facts))) return { rule, sentence };
        }
        return undefined;
      } catch (error) {
        log.warn({ err: error, target: application.user.id }, 'a rule for issuing cannot be told');
        return UNKNOWN;
      }
    },
  };
}

/** An e-mail address to compare; without one nothing can be told. */
function known(email: string | undefined): string {
  if (!email) throw new Error('no e-mail address');
  return email.toLowerCase();
}

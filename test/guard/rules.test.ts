import { describe, expect, it } from 'vitest';
import type { GuardedChange } from '../../src/guard/change/guarded.ts';
import { RISKS, type Risk } from '../../src/guard/change/risk.ts';
import { bindingRules, evaluate } from '../../src/guard/gate/evaluate.ts';
import type {
  ApprovalPolicy,
  FactName,
  Found,
  Given,
  Sources,
  UnmatchedPolicy,
} from '../../src/guard/gate/facts.ts';
import { RULE_LINES, RULES, type Rule, refusalOfStop } from '../../src/guard/gate/rules.ts';
import { secondPerson } from '../../src/guard/gate/second-person.ts';

/** In the order in which they are evaluated. */
const ALL: readonly Rule[] = RULES;

/** For each risk: the rules that bind a recorded and approved change that needs an enabled user. */
const BINDING: Record<Risk, string[]> = {
  refreshes: ['the agent’s role', 'enabled', 'pending deletion'],
  protects: [
    'the approver’s role',
    'somebody else approves',
    'not the user’s to approve',
    'who approves',
    'agent or approver',
    'enabled',
    'pending deletion',
    'ticket and reason',
  ],
  restores: [
    'the approver’s role',
    'somebody else approves',
    'not the user’s to approve',
    'who approves',
    'lockdown',
    'the agent’s role',
    'not for oneself',
    'protected',
    'nobody matches',
    'enabled',
    'pending deletion',
    'reported',
    'limits',
    'verification',
    'ticket and reason',
  ],
  grants: [
    'the approver’s role',
    'somebody else approves',
    'not the user’s to approve',
    'who approves',
    'lockdown',
    'the agent’s role',
    'not for oneself',
    'protected',
    'nobody matches',
    'enabled',
    'pending deletion',
    'reported',
    'limits',
    'verification',
    'ticket and reason',
  ],
};

/** With these facts no rule refuses. */
const GOOD: Found = {
  mayAsk: true,
  mayApprove: true,
  user: { userStatus: 'Enabled', markDeleted: undefined },
  ownership: 'of somebody else',
  protection: 'not protected',
  approverIsAgent: false,
  approverOwnership: 'of somebody else',
  approverIsKnown: true,
  isLockdown: false,
  isOnHold: false,
  full: undefined,
  isBeyondBudget: false,
  isVerified: true,
  isExplained: true,
};

/** Each of these makes one or more rules refuse. */
const BAD: Partial<Found>[] = [
  { mayAsk: false },
  { mayApprove: false },
  { user: { userStatus: 'Disabled', markDeleted: undefined } },
  { user: { userStatus: 'Enabled', markDeleted: true } },
  { ownership: 'theirs' },
  { ownership: 'cannot be told' },
  { protection: 'protected' },
  { protection: 'nobody in Slack' },
  { protection: 'no address' },
  { approverIsAgent: true },
  { approverOwnership: 'theirs' },
  { approverIsKnown: false },
  { isLockdown: true },
  { isOnHold: true },
  { full: { rule: 'one active code', sentence: 'There is one.' } },
  { isVerified: false },
  { isExplained: false },
];

/** A change with its own words, for enabled users only. */
const CHANGE: GuardedChange = {
  name: 'thaw',
  risk: 'grants',
  needsUser: ['enabled', 'not pending deletion'],
  words: {
    action: 'thaw accounts',
    act: 'thaw it',
    noun: 'the thaw',
    withheld: 'stays frozen',
    declines: 'thaws nothing',
    stopped: 'nothing is thawed',
    allowed: 'this account may be thawed',
    none: 'Nothing was thawed.',
  },
};

const givenFor = (risk: Risk, given: Partial<Given> = {}): Given => ({
  change: { ...CHANGE, risk },
  isRecorded: true,
  hasApprover: true,
  policy: { approval: 'never', unmatched: 'refuse' },
  ...given,
});

/** Tells these facts, except those that cannot be told, and records how often each was asked for. */
function sourcesOf(found: Partial<Found>, untold: readonly FactName[] = []) {
  const asked: string[] = [];
  const tell =
    <T>(name: FactName, value: T) =>
    async () => {
      asked.push(name);
      if (untold.includes(name)) throw new Error('away');
      return value;
    };
  const facts = { ...GOOD, ...found };
  const sources: Sources = {
    mayAsk: tell('mayAsk', facts.mayAsk),
    mayApprove: tell('mayApprove', facts.mayApprove),
    user: tell('user', facts.user),
    ownership: tell('ownership', facts.ownership),
    protection: tell('protection', facts.protection),
    approverIsAgent: tell('approverIsAgent', facts.approverIsAgent),
    approverOwnership: tell('approverOwnership', facts.approverOwnership),
    approverIsKnown: tell('approverIsKnown', facts.approverIsKnown),
    isLockdown: tell('isLockdown', facts.isLockdown),
    isOnHold: tell('isOnHold', facts.isOnHold),
    full: tell('full', facts.full),
    isBeyondBudget: tell('isBeyondBudget', facts.isBeyondBudget),
    isVerified: tell('isVerified', facts.isVerified),
    isExplained: tell('isExplained', facts.isExplained),
  };
  return { sources, asked };
}

const judge = (given: Given, sources: Partial<Sources>, rules = ALL) =>
  evaluate({ rules, given, sources, ahead: [], onUntold: () => {} });

describe.each(RISKS)('a change that %s', (risk) => {
  it('is bound by the rules for its risk, in this order', () => {
    const names = bindingRules(ALL, givenFor(risk)).map(({ name }) => name);
    expect(names).toEqual(BINDING[risk]);
  });

  it('may happen if none of them refuses', async () => {
    expect(await judge(givenFor(risk), sourcesOf({}).sources)).toBeUndefined();
  });

  it('is refused by each of them, and by no other', async () => {
    const refusing = new Set<string>();
    for (const bad of BAD) {
      const { sources } = sourcesOf(bad);
      for (const rule of ALL) {
        const refusal = await judge(givenFor(risk), sources, [rule]);
        if (refusal) refusing.add(rule.name);
      }
    }
    expect([...refusing].sort()).toEqual([...BINDING[risk]].sort());
  });

  it('is refused if one of them cannot be told', async () => {
    for (const rule of bindingRules(ALL, givenFor(risk))) {
      for (const need of rule.needs) {
        const { sources } = sourcesOf({}, [need]);
        const refusal = await judge(givenFor(risk), sources, [rule]);
        expect(refusal, rule.name).toMatchObject({ rule: 'cannot be told' });
        expect(await judge(givenFor(risk), sources), rule.name).toEqual(refusal);
      }
    }
  });

  it('is refused if a fact has no source at all', async () => {
    for (const rule of bindingRules(ALL, givenFor(risk))) {
      expect(await judge(givenFor(risk), {}, [rule])).toMatchObject({ rule: 'cannot be told' });
    }
  });

  it('asks for no facts that no rule needs', async () => {
    const { sources, asked } = sourcesOf({});
    await evaluate({
      rules: ALL,
      given: givenFor(risk),
      sources,
      ahead: Object.keys(GOOD) as FactName[],
      onUntold: () => {},
    });
    const needed = bindingRules(ALL, givenFor(risk)).flatMap(({ needs }) => needs);
    expect(new Set(asked)).toEqual(new Set(needed));
  });

  it('needs no enabled user unless it says so', () => {
    const change = { ...CHANGE, risk, needsUser: [] };
    const names = bindingRules(ALL, givenFor(risk, { change })).map(({ name }) => name);
    expect(names).toEqual(BINDING[risk].filter((name) => !/^(enabled|pending)/.test(name)));
  });
});

describe('a switch that stops what has begun', () => {
  it.each<[Risk, boolean]>([
    ['refreshes', false],
    ['protects', false],
    ['restores', true],
    ['grants', true],
  ])('and a change that %s: %s', (risk, stops) => {
    const change = { ...CHANGE, risk };
    expect(refusalOfStop(change, 'lockdown')).toEqual(
      stops
        ? { rule: 'lockdown', sentence: 'SecurID Desk is in lockdown: nothing is thawed.' }
        : undefined,
    );
    expect(refusalOfStop(change, 'on hold')).toEqual(
      stops
        ? {
            rule: 'reported',
            sentence: 'This account is on hold and stays frozen. Please call your security team.',
          }
        : undefined,
    );
  });
});

/** The verdict on a change that nobody has approved yet. */
async function verdictOn(risk: Risk, policy: Given['policy'], found: Partial<Found>) {
  const given = givenFor(risk, { policy, hasApprover: false });
  const { sources } = sourcesOf(found);
  const refusal = await judge(given, sources);
  if (refusal) return refusal.rule;
  const second = await secondPerson(given, sources);
  return second ? ['second person', ...second.untold].join(': ') : 'may';
}

const KNOWN: Partial<Found> = {};
const PROTECTED: Partial<Found> = { protection: 'protected' };
const NOBODY: Partial<Found> = { ownership: 'cannot be told' };
const SECOND = 'second person';
const ABOUT_OWN = 'second person: own account';

describe('a second person', () => {
  it.each<[ApprovalPolicy, UnmatchedPolicy, Partial<Found>, restores: string, grants: string]>([
    ['always', 'approval', KNOWN, 'may', SECOND],
    ['always', 'refuse', KNOWN, 'may', SECOND],
    ['always', 'allow', KNOWN, 'may', SECOND],
    ['protected', 'approval', KNOWN, 'may', 'may'],
    ['never', 'approval', KNOWN, 'may', 'may'],

    ['always', 'approval', PROTECTED, SECOND, SECOND],
    ['protected', 'refuse', PROTECTED, SECOND, SECOND],
    ['protected', 'allow', PROTECTED, SECOND, SECOND],
    ['never', 'approval', PROTECTED, 'protected', 'protected'],
    ['never', 'allow', PROTECTED, 'protected', 'protected'],

    ['always', 'approval', NOBODY, ABOUT_OWN, ABOUT_OWN],
    ['always', 'refuse', NOBODY, 'nobody matches', 'nobody matches'],
    ['always', 'allow', NOBODY, 'may', SECOND],
    ['protected', 'approval', NOBODY, ABOUT_OWN, ABOUT_OWN],
    ['protected', 'refuse', NOBODY, 'nobody matches', 'nobody matches'],
    ['protected', 'allow', NOBODY, 'may', 'may'],
    ['never', 'approval', NOBODY, 'nobody matches', 'nobody matches'],
    ['never', 'refuse', NOBODY, 'nobody matches', 'nobody matches'],
    ['never', 'allow', NOBODY, 'may', 'may'],
  ])('if approval is %s and unmatched %s, for %o', async (...row) => {
    const [approval, unmatched, found, restores, grants] = row;
    const policy = { approval, unmatched };
    expect(await verdictOn('restores', policy, found)).toBe(restores);
    expect(await verdictOn('grants', policy, found)).toBe(grants);
    // A change that removes access, or only follows the directory, needs no approval.
    expect(await verdictOn('protects', policy, found)).toBe('may');
    expect(await verdictOn('refreshes', policy, found)).toBe('may');
  });

  it.each<[ApprovalPolicy, string]>([
    ['always', SECOND],
    ['protected', SECOND],
    // Nobody can be asked, and a change that removes access is never refused.
    ['never', 'may'],
  ])('beyond the budget for what protects, if approval is %s', async (approval, expected) => {
    const policy = { approval, unmatched: 'approval' } as const;
    const beyond = { isBeyondBudget: true };
    expect(await verdictOn('protects', policy, beyond)).toBe(expected);
    expect(await verdictOn('restores', policy, beyond)).toBe('may');
    expect(await verdictOn('refreshes', policy, beyond)).toBe('may');
  });
});

describe('every rule', () => {
  it('has its own name, which the metrics count and the audit channel can show', () => {
    const names = ALL.filter((rule) => 'allows' in rule).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...RULE_LINES.keys()]).toEqual(expect.arrayContaining(names));
  });

  it('describes the change in the change’s own words', async () => {
    const refusals = await Promise.all(
      ALL.flatMap((rule) =>
        BAD.map((bad) =>
          judge(givenFor(rule.binds[0] ?? 'grants'), sourcesOf(bad).sources, [rule]),
        ),
      ),
    );
    const sentences = refusals.flatMap((refusal) => refusal?.sentence ?? []);
    expect([...new Set(sentences)].join('\n')).toMatchInlineSnapshot(`
      "The person who approved it is no longer an approver.
      The agent cannot approve the thaw, nor can the user it is for.
      SecurID has no record with the e-mail address of your Slack profile, so you can only deny this. Another approver has to decide.
      SecurID Desk is in lockdown: nothing is thawed.
      Only the help desk may thaw accounts.
      Only the help desk and approvers may thaw accounts.
      This is your own account. A colleague has to thaw it.
      This account is protected and stays frozen through Slack. Please contact the SecurID administrators.
      SecurID Desk cannot tell who this user is in Slack, or who you are in SecurID, so it thaws nothing. Please ask the SecurID administrators.
      The user is not enabled and stays frozen. Find out why, and have the user enabled first.
      The user is pending deletion and stays frozen.
      This account is on hold and stays frozen. Please call your security team.
      There is one.
      How you verified the caller is not on record.
      The ticket or the reason is not on record."
    `);
    expect(sentences.join()).not.toMatch(/code/i);
    const toApprover = refusals.flatMap((refusal) => refusal?.toApprover ?? []);
    expect([...new Set(toApprover)].join('\n')).toMatchInlineSnapshot(`
      "This is the agent’s own account.
      SecurID Desk cannot tell who this user is in Slack, or who the agent is in SecurID, so it thaws nothing.
      How the agent verified the caller is not on record."
    `);
    expect(toApprover.join()).not.toMatch(/\byou/i);
  });
});

describe('the rules', () => {
  it('stop at the first that refuses, and ask for no facts of later ones', async () => {
    const { sources, asked } = sourcesOf({ isLockdown: true });
    const given = givenFor('grants', { hasApprover: false });
    expect(await judge(given, sources)).toMatchObject({ rule: 'lockdown' });
    expect(asked).toEqual(['isLockdown']);
  });

  it('stop at the first that cannot be told, whatever later ones would say', async () => {
    const { sources } = sourcesOf({ ownership: 'theirs', isOnHold: true }, ['mayAsk']);
    const refusal = await judge(givenFor('grants'), sources);
    expect(refusal).toEqual({
      rule: 'cannot be told',
      sentence:
        'SecurID Desk could not check whether this account may be thawed. Try again in a minute.',
    });
  });
});

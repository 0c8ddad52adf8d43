import { describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { examine, standIns } from './support/examine.ts';

describe('the doctor, of roles', () => {
  it('counts the members of each user group, and names those whom the app refuses', async () => {
    const { workspace, env } = await standIns();
    const [group] = workspace.groups;
    group?.users.push(company.GUEST, company.NOBODY, company.BOT.userId);
    const nora = workspace.people.find(({ id }) => id === company.NOBODY);
    if (nora) nora.deleted = true;

    const { about, code } = await examine(env);

    expect(about(company.HELP_DESK_GROUP)).toEqual([
      {
        name: company.HELP_DESK_GROUP,
        result: 'warning',
        says: 'SECURID_AGENTS: 4 members, including 1 guest, 1 deactivated, 1 bot',
        remedy: 'The app refuses them, whatever group they are in. Take them out of this one.',
      },
    ]);
    expect(about(company.IT_MANAGERS_GROUP)).toMatchObject([
      { result: 'ok', says: 'SECURID_MANAGERS: 1 member' },
    ]);
    expect(code).toBe(0);
  });

  it('looks at some of the members of a large group, and says so', async () => {
    const { workspace, env } = await standIns();
    const [group] = workspace.groups;
    for (let number = 0; number < 1500; number += 1) group?.users.push(`U0${number}`);

    const { about } = await examine(env);

    expect(about(company.HELP_DESK_GROUP)).toMatchObject([
      { says: 'SECURID_AGENTS: 1501 members, of whom 20 were checked, including 19 unknown' },
    ]);
    expect(workspace.apiCalls.filter(({ method }) => method === 'users.info').length).toBe(21);
  });

  it('does not take from the running app what Slack allows it', async () => {
    const { workspace, env } = await standIns();
    const users = Array.from({ length: 30 }, (_, number) => `U0${number}`);
    const ids = Array.from({ length: 12 }, (_, number) => `S0${number}`);
    workspace.groups.push(...ids.map((id) => ({ id, handle: id, users })));

    const { about } = await examine({
      ...env,
      SECURID_AGENTS: ids.join(','),
      SECURID_MANAGERS: '',
    });

    const asked = (name: string) =>
      workspace.apiCalls.filter(({ method }) => method === name).length;
    expect(asked('usergroups.users.list')).toBe(8);
    expect(asked('users.info')).toBeLessThanOrEqual(40);
    expect(about('S011')).toMatchObject([
      { result: 'warning', says: expect.stringContaining('not checked') },
    ]);
  });

  it('misses a group that is gone, and a plan that has none', async () => {
    const { workspace, env } = await standIns();

    const gone = await examine({ ...env, SECURID_APPROVERS: 'S0GONE' });
    const limited = { SECURID_WORKSPACES: 'T0ACME', SECURID_APPROVERS: 'S0GONE' };
    const elsewhere = await examine({ ...env, ...limited });
    workspace.setPlan('free');
    const free = await examine(env);

    expect(gone.about('S0GONE')).toMatchObject([
      {
        result: 'failed',
        says: 'SECURID_APPROVERS: Slack has no such user group',
        see: 'docs/troubleshooting.md#slack-has-no-such-user-group',
      },
    ]);
    expect(elsewhere.about('S0GONE')).toMatchObject([
      {
        says: expect.stringContaining('no such user group in the workspaces of SECURID_WORKSPACES'),
      },
    ]);
    expect(free.about(company.HELP_DESK_GROUP)).toMatchObject([
      { result: 'failed', says: 'SECURID_AGENTS: this Slack plan has no user groups' },
    ]);
  });

  it('tells a disabled group from one that is gone, in the whole organization as well', async () => {
    for (const team of [{}, { enterpriseId: 'E0ACME', isOrgWide: true }]) {
      const { workspace, env } = await standIns({ team });
      const [group] = workspace.groups;
      if (group) group.isDisabled = true;

      const { about } = await examine({ ...env, SECURID_APPROVERS: 'S0GONE' });

      expect(about(company.HELP_DESK_GROUP)).toEqual([
        {
          name: company.HELP_DESK_GROUP,
          result: 'failed',
          says: 'SECURID_AGENTS: this user group is disabled',
          remedy: 'Enable it in Slack, or use another one.',
          see: 'docs/troubleshooting.md#slack-has-no-such-user-group',
        },
      ]);
      expect(about('S0GONE')).toMatchObject([
        { says: 'SECURID_APPROVERS: Slack has no such user group' },
      ]);
    }
  });

  it('says that nobody is in a group', async () => {
    const { workspace, env } = await standIns();
    workspace.groups[0]?.users.splice(0);

    expect((await examine(env)).about(company.HELP_DESK_GROUP)).toMatchObject([
      { result: 'warning', says: 'SECURID_AGENTS: nobody is in it' },
    ]);
  });

  it('names whoever is in no workspace whose people may use the app', async () => {
    const sisters = [{ id: 'T0EMEA', domain: 'acme-emea' }];
    const team = { enterpriseId: 'E0ACME', isOrgWide: true, sisters };
    const { workspace, env } = await standIns({ team });
    const jonas = workspace.people.find(({ id }) => id === company.JONAS);
    if (jonas) jonas.teams = ['T0EMEA'];
    const agents = { ...env, SECURID_AGENTS: `${company.JONAS},${company.SANA}` };

    const some = await examine({ ...agents, SECURID_WORKSPACES: 'T0ACME' });
    const all = await examine(agents);

    expect(some.about(company.JONAS)).toMatchObject([
      {
        result: 'warning',
        says: 'SECURID_AGENTS: in no workspace whose people may use the app, so the app refuses them',
      },
    ]);
    expect(some.about(company.SANA)).toMatchObject([{ result: 'ok' }]);
    expect(all.about(company.JONAS)).toMatchObject([{ result: 'ok' }]);
  });

  it('leaves most of what Slack allows to the running app', async () => {
    const { workspace, env } = await standIns();
    const ids = Array.from({ length: 150 }, (_, number) => `U0${100 + number}`);

    const { about } = await examine({ ...env, SECURID_AGENTS: ids.join(',') });

    const asked = workspace.apiCalls.filter(({ method }) => method === 'users.info');
    expect(asked.length).toBeLessThanOrEqual(60);
    expect(about('people')).toMatchObject([
      { result: 'warning', says: '110 more ids were not checked' },
    ]);
  });

  it('does not ask of those who are protected that they can use the app', async () => {
    const { workspace, env } = await standIns();
    workspace.groups.push({ id: 'S0BOARD', handle: 'board', users: [company.GUEST] });

    const { about } = await examine({
      ...env,
      SECURID_PROTECTED: `S0BOARD, ${company.GUEST}, U0NOBODY`,
    });

    expect(about('S0BOARD')).toMatchObject([{ result: 'ok', says: 'SECURID_PROTECTED: 1 member' }]);
    expect(about(company.GUEST)).toMatchObject([
      { result: 'ok', says: 'SECURID_PROTECTED: known to Slack' },
    ]);
    expect(about('U0NOBODY')).toMatchObject([{ result: 'failed' }]);
  });

  it('looks at the people who are named one by one', async () => {
    const { env } = await standIns();
    const named = [company.JONAS, company.GUEST, 'U0NOBODY'].join(',');

    const { about } = await examine({ ...env, SECURID_APPROVERS: named });

    expect(about(company.JONAS)).toMatchObject([
      { result: 'ok', says: 'SECURID_APPROVERS: active' },
    ]);
    expect(about(company.GUEST)).toMatchObject([
      { result: 'warning', says: 'SECURID_APPROVERS: a guest, so the app refuses them' },
    ]);
    expect(about('U0NOBODY')).toMatchObject([
      { result: 'failed', says: 'SECURID_APPROVERS: Slack has nobody with that id' },
    ]);
  });

  it('says that nobody has a role', async () => {
    const { env } = await standIns();

    const { about } = await examine({ ...env, SECURID_AGENTS: '', SECURID_MANAGERS: '' });

    expect(about('SECURID_AGENTS')).toMatchObject([{ result: 'warning' }]);
    expect(about('SECURID_MANAGERS')).toMatchObject([{ result: 'warning' }]);
  });
});

describe('the doctor, of channels', () => {
  const open = async (...scopes: string[]) => {
    const { workspace, env } = await standIns();
    workspace.scopes.push(...scopes);
    const channel = (id: string) => workspace.channels.find((one) => one.id === id);
    return { channel, env };
  };

  it('says what the granted scopes do not show', async () => {
    const { env } = await open();

    const { about } = await examine({
      ...env,
      AUDIT_CHANNEL: company.SECURID_AUDIT,
      SECURID_SECURITY_CHANNEL: 'C0GONE',
    });

    expect(about('AUDIT_CHANNEL')).toMatchObject([
      {
        result: 'warning',
        says: 'C0AUDIT: the granted scopes do not show whether the bot is in it',
      },
    ]);
    expect(about('SECURID_SECURITY_CHANNEL')).toMatchObject([
      {
        result: 'failed',
        says: 'C0GONE: Slack has no such channel, or it is private and the bot is not in it',
      },
    ]);
  });

  it('says that the bot is not in a channel, or that it is archived', async () => {
    const { channel, env } = await open('channels:read', 'groups:read');
    Object.assign(channel(company.APPROVALS) ?? {}, { isArchived: true });

    const { about } = await examine({
      ...env,
      SECURID_LICENSE_CHANNEL: company.IT_MANAGERS,
      SECURID_APPROVAL_CHANNEL: company.APPROVALS,
    });

    expect(about('SECURID_LICENSE_CHANNEL')).toMatchObject([
      { result: 'failed', says: '#it-managers: the bot is not in it' },
    ]);
    expect(about('SECURID_APPROVAL_CHANNEL')).toMatchObject([
      { result: 'failed', says: '#securid-approvals is archived' },
    ]);
  });

  it('says who else reads it', async () => {
    const { channel, env } = await open('channels:read', 'groups:read');
    Object.assign(channel(company.SECURITY) ?? {}, { isExtShared: true });
    Object.assign(channel(company.APPROVALS) ?? {}, { isPrivate: true });

    const { about } = await examine({
      ...env,
      AUDIT_CHANNEL: company.SECURID_AUDIT,
      SECURID_SECURITY_CHANNEL: company.SECURITY,
      SECURID_APPROVAL_CHANNEL: company.APPROVALS,
    });

    expect(about('AUDIT_CHANNEL')).toMatchObject([
      {
        result: 'warning',
        says: '#securid-audit: the bot is in it, and everybody in the workspace can read it',
      },
    ]);
    expect(about('SECURID_SECURITY_CHANNEL')).toMatchObject([
      { result: 'failed', says: '#security is shared with another company, which can read it' },
    ]);
    expect(about('SECURID_APPROVAL_CHANNEL')).toMatchObject([
      { result: 'ok', says: '#securid-approvals, private; the bot is in it' },
    ]);
  });

  it.each([
    {
      what: 'another company is invited',
      is: { isPrivate: true, isPendingExtShared: true },
      finding: {
        result: 'warning',
        says: '#security: another company is invited, and will be able to read it',
      },
    },
    {
      what: 'several workspaces share it',
      is: { isOrgShared: true },
      finding: {
        result: 'warning',
        says: '#security: the bot is in it, and everybody in several workspaces can read it',
      },
    },
    {
      what: 'several workspaces share it, and it is private',
      is: { isPrivate: true, isOrgShared: true },
      finding: {
        result: 'ok',
        says: '#security, private, in several workspaces of the organization; the bot is in it',
      },
    },
  ])('says that $what', async ({ is, finding }) => {
    const { channel, env } = await open('channels:read', 'groups:read');
    Object.assign(channel(company.SECURITY) ?? {}, is);

    const { about } = await examine({ ...env, SECURID_SECURITY_CHANNEL: company.SECURITY });

    expect(about('SECURID_SECURITY_CHANNEL')).toMatchObject([finding]);
  });

  it('takes a private channel for none only if it could be seen', async () => {
    const { channel, env } = await open('channels:read');
    Object.assign(channel(company.SECURITY) ?? {}, { isPrivate: true });

    const { about } = await examine({
      ...env,
      SECURID_SECURITY_CHANNEL: company.SECURITY,
      AUDIT_CHANNEL: 'C0GONE',
    });

    expect(about('SECURID_SECURITY_CHANNEL')).toMatchObject([
      { result: 'warning', says: expect.stringContaining('the granted scopes do not show') },
    ]);
    expect(about('AUDIT_CHANNEL')).toMatchObject([{ result: 'failed' }]);
    expect(about('channels:read')).toMatchObject([
      { result: 'warning', says: 'granted, and used only by the doctor' },
    ]);
  });
});

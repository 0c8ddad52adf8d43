import { describe, expect, it } from 'vitest';
import { user } from '../../src/playground/tenant-records.ts';
import { failureOf, openClient } from './support.ts';

const STATUS = 'PUT /v1/users/{id}/userStatus';

async function open(options: Parameters<typeof openClient>[0] = {}) {
  const ivy = user({ emailAddress: 'ivy@acme.test' });
  return { ivy, ...(await openClient({ ...options, records: { users: [ivy] } })) };
}

describe('users.setStatus', () => {
  it('disables and enables, and returns the status that RSA answers', async () => {
    const { securid, tenant, ivy } = await open();

    expect(await securid.users.setStatus(ivy.id, 'Disabled')).toBe('Disabled');
    expect(ivy.userStatus).toBe('Disabled');
    expect(await securid.users.setStatus(ivy.id, 'Enabled')).toBe('Enabled');

    expect(tenant.requests.map(({ body }) => body)).toEqual([
      { userStatus: 'Disabled' },
      { userStatus: 'Enabled' },
    ]);
    expect(tenant.calls()).toEqual([STATUS, STATUS]);
  });

  it.each(['nothing', 'no content'] as const)('takes %s for an answer', async (statusAnswer) => {
    const { securid, tenant, ivy } = await open();
    tenant.traits.statusAnswer = statusAnswer;
    expect(await securid.users.setStatus(ivy.id, 'Disabled')).toBeUndefined();
    expect(ivy.userStatus).toBe('Disabled');
  });

  it('takes no answer about another person', async () => {
    const { securid, tenant, ivy } = await open();
    tenant.answerNext({ status: 200, body: { id: '0b1f', userStatus: 'Disabled' } });
    expect(await failureOf(securid.users.setStatus(ivy.id, 'Disabled'))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      sent: true,
    });
  });

  it('tells why RSA refuses', async () => {
    const { securid, tenant, ivy } = await open();
    const reason = async (userId: string, status: 'Enabled' | 'Disabled') =>
      (await failureOf(securid.users.setStatus(userId, status))).reason;

    expect(await reason(ivy.id, 'Enabled')).toBe('ALREADY_SO');
    expect(await reason(user({ emailAddress: 'gone@acme.test' }).id, 'Disabled')).toBe(
      'USER_NOT_FOUND',
    );
    tenant.traits.scimSources = [ivy.identitySource];
    expect(await reason(ivy.id, 'Disabled')).toBe('MANAGED_ELSEWHERE');
  });

  it('never repeats what may have been carried out', async () => {
    const { securid, tenant, ivy } = await open();
    tenant.answerNext('reset after');
    expect(await failureOf(securid.users.setStatus(ivy.id, 'Disabled'))).toMatchObject({
      sent: true,
    });
    expect(tenant.calls()).toEqual([STATUS]);
  });

  it('is covered by its permission', async () => {
    const { securid, tenant, ivy } = await open({ credential: 'oauth ec' });
    await securid.users.setStatus(ivy.id, 'Disabled');
    expect(tenant.requests).toMatchObject([{ body: { scope: 'rsa.user.manage' } }, {}]);
  });
});

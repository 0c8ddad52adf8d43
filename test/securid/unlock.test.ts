import { describe, expect, it } from 'vitest';
import { user } from '../../src/playground/tenant-records.ts';
import { failureOf, idleFor, openClient } from './support.ts';

const UNLOCK = 'PATCH /v1/users/{id}/methods';

const openLocked = (options: Parameters<typeof openClient>[0] = {}) => {
  const noor = user({
    emailAddress: 'noor@acme.test',
    isTokenLocked: true,
    isSmsLocked: true,
    isApproveLocked: true,
  });
  return openClient({ ...options, records: { users: [noor] } }).then((client) => ({
    ...client,
    noor,
  }));
};

const STATE = {
  isTokenLocked: false,
  isSmsLocked: true,
  isVoiceLocked: false,
  isFingerprintLocked: false,
  isApproveLocked: true,
};

describe('users.unlock', () => {
  it('unlocks only the methods that were asked for, and returns the state of all', async () => {
    const { securid, tenant, noor } = await openLocked();

    expect(await securid.users.unlock(noor.id, ['TOKEN'])).toEqual(STATE);

    expect(tenant.requests).toMatchObject([
      {
        method: 'PATCH',
        path: `/AdminInterface/restapi/v1/users/${noor.id}/methods`,
        headers: { 'content-type': 'application/json' },
      },
    ]);
    expect(tenant.requests[0]?.body).toEqual({ unlockMethods: ['TOKEN'] });
    expect(tenant.records.users[0]).toMatchObject(STATE);
  });

  it('leaves a method that is not locked as it is', async () => {
    const { securid, noor } = await openLocked();
    expect(await securid.users.unlock(noor.id, ['VOICE'])).toMatchObject({ isVoiceLocked: false });
  });

  it.each(['nothing', 'no content'] as const)('takes %s for an answer', async (unlockAnswer) => {
    const { securid, tenant, noor } = await openLocked();
    tenant.traits.unlockAnswer = unlockAnswer;

    expect(await securid.users.unlock(noor.id, ['TOKEN', 'SMS'])).toBeUndefined();

    expect(tenant.records.users[0]).toMatchObject({ isTokenLocked: false, isSmsLocked: false });
  });

  it.each([
    ['another form', { methods: [{ name: 'TOKEN', locked: false }] }],
    ['a list', [{ isTokenLocked: false }]],
    ['a text', JSON.stringify('done')],
    ['the state of another method only', { isSmsLocked: false }],
    ['a word that is no state', { isTokenLocked: 'perhaps' }],
  ])('reads no state from %s', async (_, body) => {
    const { securid, tenant, noor } = await openLocked();
    tenant.answerNext({ status: 200, body });
    expect(await securid.users.unlock(noor.id, ['TOKEN'])).toBeUndefined();
  });

  it('accepts states as strings', async () => {
    const { securid, tenant, noor } = await openLocked();
    tenant.answerNext({ status: 200, body: { isTokenLocked: 'False', isSmsLocked: ' true' } });
    expect(await securid.users.unlock(noor.id, ['TOKEN', 'SMS'])).toMatchObject({
      isTokenLocked: false,
      isSmsLocked: true,
    });
  });

  it.each(['id', 'userId'])('takes no answer about another person, told by %s', async (name) => {
    const { securid, tenant, noor } = await openLocked();
    tenant.answerNext({ status: 200, body: { ...STATE, [name]: '0b1f' } });

    expect(await failureOf(securid.users.unlock(noor.id, ['TOKEN']))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      sent: true,
    });
  });

  it('refuses for a user who is gone', async () => {
    const { securid, tenant, noor } = await openLocked();
    tenant.records.users.length = 0;

    expect(await failureOf(securid.users.unlock(noor.id, ['TOKEN']))).toMatchObject({
      code: 'REFUSED',
      reason: 'USER_NOT_FOUND',
      status: 404,
    });
  });

  it.each(['kong', 'spring', 'page'] as const)(
    'does not mistake a gateway that does not know the path for RSA (%s)',
    async (gateway) => {
      const { securid, tenant, noor } = await openLocked();
      tenant.traits.gateway = gateway;
      tenant.traits.unrouted = [UNLOCK];

      const failure = await failureOf(securid.users.unlock(noor.id, ['TOKEN']));

      expect(failure).toMatchObject({
        code: 'UNEXPECTED_RESPONSE',
        reason: undefined,
        status: 404,
      });
    },
  );

  it.each([
    ['no method', []],
    ['a method that cannot be unlocked', ['APPROVE']],
  ])('says that RSA does not accept %s', async (_, methods) => {
    const { securid, noor } = await openLocked();
    const failure = await failureOf(securid.users.unlock(noor.id, methods as 'TOKEN'[]));
    expect(failure.code).toBe('INVALID_REQUEST');
  });

  it('encodes the id in the path', async () => {
    const { securid, tenant } = await openLocked();
    await failureOf(securid.users.unlock('a/../b', ['TOKEN']));
    expect(tenant.requests[0]?.path).toContain('/users/a%2F..%2Fb/methods');
  });

  it('tells a conflict', async () => {
    const { securid, tenant, noor } = await openLocked();
    tenant.answerNext({ status: 409, body: { code: '409 CONFLICT', description: 'No.' } });
    const failure = await failureOf(securid.users.unlock(noor.id, ['TOKEN']));
    expect(failure).toMatchObject({ code: 'CONFLICT', status: 409 });
  });

  it('retries after a 429', async () => {
    const { securid, tenant, noor, clock } = await openLocked();
    tenant.answerNext({ status: 429, headers: { 'retry-after': '1' } });
    const unlocked = securid.users.unlock(noor.id, ['TOKEN']);
    await idleFor(clock, 1000);
    clock.advance(1000);
    expect(await unlocked).toEqual(STATE);
    expect(tenant.calls()).toEqual([UNLOCK, UNLOCK]);
  });

  it('never repeats what may have been carried out', async () => {
    const { securid, tenant, noor } = await openLocked();
    tenant.answerNext('reset after');
    const failure = await failureOf(securid.users.unlock(noor.id, ['SMS']));
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', sent: true });
    expect(tenant.records.users[0]?.isSmsLocked).toBe(false);
    expect(tenant.calls()).toEqual([UNLOCK]);
  });

  it('is not shared by two callers', async () => {
    const { securid, tenant, noor } = await openLocked();
    await Promise.all([1, 2].map(() => securid.users.unlock(noor.id, ['TOKEN'])));
    expect(tenant.calls()).toEqual([UNLOCK, UNLOCK]);
  });

  it.each(['oauth rsa', 'oauth ec'] as const)(
    'is covered by its permission (%s)',
    async (credential) => {
      const { securid, noor } = await openLocked({ credential });
      expect(await securid.users.unlock(noor.id, ['TOKEN'])).toEqual(STATE);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { user } from '../../src/playground/tenant-records.ts';
import { failureOf, grace, LOOKUP, openClient } from './support.ts';

const SYNC = 'POST /v1/users/{id}/sync';
const tess = user({ emailAddress: 'tess@acme.test' });

const open = (options: Parameters<typeof openClient>[0] = {}) =>
  openClient({
    ...options,
    records: { users: [{ ...grace }], directory: [tess, { ...grace, lastName: 'Hopper' }] },
  });

describe('users.sync', () => {
  it('sends no body but its length, and returns the record', async () => {
    const { securid, tenant } = await open();

    expect(await securid.users.sync(grace.id)).toMatchObject({ id: grace.id, lastName: 'Hopper' });

    expect(tenant.requests).toMatchObject([
      { route: SYNC, body: undefined, headers: { 'content-length': '0' } },
    ]);
    expect(tenant.requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it('takes no record of another person', async () => {
    const { securid, tenant } = await open();
    tenant.answerNext({ status: 200, body: tess });
    expect(await failureOf(securid.users.sync(grace.id))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      sent: true,
    });
  });

  it('refuses for a user who is gone', async () => {
    const { securid } = await open();
    expect(await failureOf(securid.users.sync(tess.id))).toMatchObject({
      code: 'REFUSED',
      reason: 'USER_NOT_FOUND',
    });
  });

  it('never repeats what may have been carried out', async () => {
    const { securid, tenant } = await open();
    tenant.answerNext('reset after');
    expect(await failureOf(securid.users.sync(grace.id))).toMatchObject({ sent: true });
    expect(tenant.calls()).toEqual([SYNC]);
  });

  it('is covered by its permission', async () => {
    const { securid, tenant } = await open({ credential: 'oauth rsa' });
    await securid.users.sync(grace.id);
    expect(tenant.requests).toMatchObject([{ body: { scope: 'rsa.user.sync' } }, {}]);
  });
});

describe('users.findInDirectory', () => {
  it('finds whom only the directory has', async () => {
    const { securid, tenant } = await open();
    expect(await securid.users.find({ email: 'tess@acme.test' })).toBeUndefined();

    const found = await securid.users.findInDirectory({ email: 'tess@acme.test' });

    expect(found).toMatchObject({ id: tess.id });
    expect(tenant.requests[1]?.body).toEqual({ email: 'tess@acme.test', searchUnsynched: true });
    expect(await securid.users.find({ username: 'tess' })).toMatchObject({ id: tess.id });
  });

  it('finds nobody', async () => {
    const { securid } = await open();
    expect(await securid.users.findInDirectory({ username: 'stranger' })).toBeUndefined();
  });

  it('never repeats what may have been carried out', async () => {
    const { securid, tenant } = await open();
    tenant.answerNext('reset after');
    const failure = await failureOf(securid.users.findInDirectory({ username: 'tess' }));
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', sent: true });
    expect(tenant.calls()).toEqual([LOOKUP]);
  });
});

import { describe, expect, it } from 'vitest';
import { logEvent } from '../../src/playground/tenant-records.ts';
import { alan, failureOf, openClient, TOKEN } from './support.ts';

const LOGS = 'GET /v1/users/{id}/authlogs/';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 4, 8, minute)).toISOString();
const event = (minute: number, more: object = {}) =>
  logEvent({
    userId: alan.id,
    eventCode: 104,
    eventDescription: 'No.',
    eventLogDate: at(minute),
    ...more,
  });

describe('authLogs.of', () => {
  it('returns a user’s events, newest first', async () => {
    const { securid } = await openClient({
      records: { authLogs: [event(1), event(9), event(5), event(7, { userId: 'somebody else' })] },
    });
    const log = await securid.authLogs.of(alan.id);
    expect(log?.events.map(({ eventLogDate }) => eventLogDate?.toISOString())).toEqual(
      [9, 5, 1].map(at),
    );
    expect(log?.events[0]).toMatchObject({ eventCode: 104, sourceIPAddress: '198.51.100.7' });
  });

  it('keeps what it can read', async () => {
    const { securid, tenant } = await openClient();
    const body = [
      { eventCode: ' 104 ', eventLogDate: at(1), method: ' null', deviceName: 'My%20phone' },
      { eventCode: 'many', eventDescription: 'Something.', eventLogDate: 'yesterday' },
      { eventLogDate: at(2) },
      'nothing',
      7,
      null,
    ];
    tenant.answerNext({ status: 200, body });
    expect(await securid.authLogs.of(alan.id)).toEqual({
      events: [
        expect.objectContaining({ eventCode: 104, method: undefined, deviceName: 'My phone' }),
        expect.objectContaining({ eventCode: undefined, eventLogDate: undefined }),
      ],
      unreadable: 4,
    });
  });

  it('is undefined for a user who is gone', async () => {
    const { securid, tenant } = await openClient();
    tenant.records.users.length = 0;
    expect(await securid.authLogs.of(alan.id)).toBeUndefined();
  });

  it.each([{ events: [] }, '{}'])('accepts no answer like %j', async (body) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body });
    expect(await failureOf(securid.authLogs.of(alan.id))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
    });
  });

  it('has a token of its own, so that other look-ups do without the permission', async () => {
    const { securid, tenant } = await openClient({ credential: 'oauth rsa' });
    await securid.users.find({ email: alan.emailAddress });
    await securid.authLogs.of(alan.id);
    const scopes = tenant.requests.flatMap(({ route, body }) =>
      route === TOKEN ? [Object(body).scope] : [],
    );
    expect(scopes).toEqual([expect.not.stringContaining('audit'), 'rsa.audit.user']);
  });

  it('encodes the id in the path', async () => {
    const { securid, tenant } = await openClient();
    await failureOf(securid.authLogs.of('a/../b'));
    expect(tenant.requests[0]).toMatchObject({
      route: LOGS,
      path: '/AdminInterface/restapi/v1/users/a%2F..%2Fb/authlogs/',
    });
  });
});

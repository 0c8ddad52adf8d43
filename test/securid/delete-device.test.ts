import { describe, expect, it } from 'vitest';
import { browser, phone } from '../../src/playground/tenant-records.ts';
import { alan, failureOf, grace, idleFor, openClient } from './support.ts';

const DELETE = 'DELETE /v1/users/{id}/devices/{deviceId}';

const openWithPhone = async (options: Parameters<typeof openClient>[0] = {}) => {
  const device = phone({ userId: grace.id });
  const devices = [device, browser({ userId: grace.id }), phone({ userId: alan.id })];
  return { ...(await openClient({ ...options, records: { devices } })), device };
};

describe('authenticators.deleteDevice', () => {
  it('deletes that device, and no other', async () => {
    const { securid, tenant, device } = await openWithPhone();

    await securid.authenticators.deleteDevice(grace.id, device.id);

    expect(tenant.records.devices).toHaveLength(2);
    expect(tenant.records.devices).not.toContainEqual(device);
    expect(tenant.requests).toMatchObject([
      {
        method: 'DELETE',
        path: `/AdminInterface/restapi/v1/users/${grace.id}/devices/${device.id}`,
      },
    ]);
    expect(tenant.requests[0]?.headers['content-length'] ?? '0').toBe('0');
  });

  it.each(['nothing', 'no content', 'the device'] as const)(
    'takes %s for an answer',
    async (deleteAnswer) => {
      const { securid, tenant, device } = await openWithPhone();
      tenant.traits.deleteAnswer = deleteAnswer;

      expect(await securid.authenticators.deleteDevice(grace.id, device.id)).toBeUndefined();
    },
  );

  it.each(['.', '..'])('asks for nothing with the id %j, which leads elsewhere', async (id) => {
    const { securid, tenant } = await openWithPhone();

    expect(await failureOf(securid.authenticators.deleteDevice(grace.id, id))).toMatchObject({
      code: 'INVALID_REQUEST',
      sent: false,
    });
    expect(tenant.requests).toEqual([]);
  });

  it('encodes both ids in the path', async () => {
    const { securid, tenant } = await openWithPhone();
    tenant.records.devices.push(phone({ userId: grace.id, id: '../1 ?#%2F' }));

    await securid.authenticators.deleteDevice(grace.id, '../1 ?#%2F');

    expect(tenant.requests[0]?.path).toMatch(/\/devices\/\.\.%2F1%20%3F%23%252F$/);
    expect(tenant.records.devices).toHaveLength(3);
  });

  it.each([
    ['a device that is gone', grace.id, '4711'],
    ['a device of somebody else', alan.id, phone({ userId: grace.id }).id],
  ])('refuses for %s', async (_, userId, deviceId) => {
    const { securid, tenant } = await openWithPhone();

    expect(await failureOf(securid.authenticators.deleteDevice(userId, deviceId))).toMatchObject({
      code: 'REFUSED',
      reason: 'DEVICE_NOT_FOUND',
      status: 404,
    });
    expect(tenant.records.devices).toHaveLength(3);
  });

  it.each(['kong', 'spring', 'page'] as const)(
    'does not mistake a gateway that does not know the path for RSA (%s)',
    async (gateway) => {
      const { securid, tenant, device } = await openWithPhone();
      Object.assign(tenant.traits, { gateway, unrouted: [DELETE] });

      expect(
        await failureOf(securid.authenticators.deleteDevice(grace.id, device.id)),
      ).toMatchObject({ code: 'UNEXPECTED_RESPONSE', reason: undefined, status: 404 });
    },
  );

  it('does not mistake a page of a proxy for success', async () => {
    const { securid, tenant, device } = await openWithPhone();
    tenant.answerNext({ status: 200, body: '<html>Please sign in</html>' });

    const failure = await failureOf(securid.authenticators.deleteDevice(grace.id, device.id));

    expect(failure).toMatchObject({ code: 'UNEXPECTED_RESPONSE', sent: true });
  });

  it('retries after a 429, and nothing that may have been carried out', async () => {
    const { securid, tenant, clock, device } = await openWithPhone();
    tenant.answerNext({ status: 429, headers: { 'retry-after': '1' } });
    tenant.answerNext('reset after');
    const deleted = failureOf(securid.authenticators.deleteDevice(grace.id, device.id));
    await idleFor(clock, 1000);
    clock.advance(1000);

    expect(await deleted).toMatchObject({ code: 'UNAVAILABLE', sent: true });
    expect(tenant.calls()).toEqual([DELETE, DELETE]);
  });

  it('is covered by its permission', async () => {
    const { securid, tenant, device } = await openWithPhone({ credential: 'oauth rsa' });

    await securid.authenticators.deleteDevice(grace.id, device.id);

    expect(tenant.records.devices).toHaveLength(2);
  });
});

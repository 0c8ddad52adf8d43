import { describe, expect, it } from 'vitest';
import { phone, user } from '../../src/playground/tenant-records.ts';
import { alan, CODE, failureOf, idleFor, LOOKUP, openClient, soon } from './support.ts';

const APP_ID = '1f00c62b-a5c0-49d3-9ffb-92314d717187';
const byEmail = { email: alan.emailAddress };

describe('registrationCodes.issue', () => {
  it.each([
    ['ios', { ...byEmail, appId: APP_ID }],
    ['android', { ...byEmail, appId: APP_ID }],
    ['windows', byEmail],
    ['macos', byEmail],
  ] as const)('sends for %s exactly the properties that RSA counts', async (platform, body) => {
    const { securid, tenant } = await openClient();
    await securid.registrationCodes.issue(byEmail, platform);
    expect(tenant.requests).toMatchObject([
      { method: 'POST', path: '/AdminInterface/restapi/v1/users/deviceRegistrationCode' },
    ]);
    expect(tenant.requests[0]?.body).toEqual(body);
  });

  it('sends the user name instead of the e-mail address', async () => {
    const { securid, tenant } = await openClient();
    await securid.registrationCodes.issue({ username: alan.principalUsername }, 'windows');
    expect(tenant.requests[0]?.body).toEqual({ username: alan.principalUsername });
  });

  it('returns the code, the company and the expiry', async () => {
    const { securid, tenant, clock } = await openClient();
    expect(await securid.registrationCodes.issue(byEmail, 'ios')).toEqual({
      deviceRegistrationCode: tenant.issuedCodes[0]?.code,
      companyId: 'acme',
      expirationDate: new Date(clock.now() + 5 * 60_000),
    });
  });

  it.each([
    ['companyID', { companyID: 'acme' }, 'acme'],
    ['companyId', { companyId: 'acme' }, 'acme'],
    ['both', { companyID: 'old', companyId: 'acme' }, 'acme'],
    ['neither', {}, undefined],
  ])('reads the company from %s', async (_, company, companyId) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { ...company, deviceRegistrationCode: '012345678' } });
    expect(await securid.registrationCodes.issue(byEmail, 'ios')).toEqual({
      deviceRegistrationCode: '012345678',
      companyId,
      expirationDate: undefined,
    });
  });

  it('reads a code that is sent as a number', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { deviceRegistrationCode: 110690571 } });
    expect(await securid.registrationCodes.issue(byEmail, 'ios')).toMatchObject({
      deviceRegistrationCode: '110690571',
    });
  });

  it('has no expiry if the date is unreadable', async () => {
    const { securid, tenant } = await openClient();
    const body = { deviceRegistrationCode: '012345678', expirationDate: 'in 5 minutes' };
    tenant.answerNext({ status: 200, body });
    expect(await securid.registrationCodes.issue(byEmail, 'ios')).toMatchObject({
      expirationDate: undefined,
    });
  });

  it.each<[string, unknown]>([
    ['letters', '12345678A'],
    ['markup', '<@U0EVIL>'],
    ['a link', 'https://evil.example/123456789'],
    ['too few digits', '12345'],
    ['too many digits', '1234567890123'],
    ['digits of another script', '١٢٣٤٥٦٧٨٩'],
    ['a sign', -123456789],
    ['a fraction', 12345.678],
  ])('accepts no code with %s', async (_, deviceRegistrationCode) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { deviceRegistrationCode } });

    expect(await failureOf(securid.registrationCodes.issue(byEmail, 'ios'))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      sent: true,
      message: expect.stringContaining('wrong shape at deviceRegistrationCode'),
    });
  });

  const byName = { username: alan.principalUsername };
  it.each([
    ['by address', byEmail, { email: 'noor@acme.test' }, 'email'],
    ['by a longer address', byEmail, { email: `x${alan.emailAddress}` }, 'email'],
    ['by user name', byName, { username: 'noor' }, 'username'],
    ['by address, where a user name was asked for', byName, { email: 'noor@acme.test' }, 'email'],
    ['by user name, where an address was asked for', byEmail, { username: 'noor' }, 'username'],
    ['by a user name beside the address', byEmail, { ...byEmail, username: 'noor' }, 'username'],
    ['by id', byEmail, { id: '0b1f' }, 'id'],
    ['by user id', byEmail, { userId: '0b1f' }, 'userId'],
  ])('accepts no code for another user, recognized by %s', async (_, key, named, where) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { deviceRegistrationCode: '123456789', ...named } });

    const issued = securid.registrationCodes.issue(key, 'ios', { user: alan });

    expect(await failureOf(issued)).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      sent: true,
      message: expect.stringContaining(`wrong shape at ${where}`),
    });
  });

  it.each([
    [byEmail, { email: alan.emailAddress.toUpperCase() }],
    [byEmail, { email: ` ${alan.emailAddress}. `, id: alan.id.toUpperCase() }],
    [{ email: 'alias@acme.test' }, { email: alan.emailAddress }],
    [{ email: 'alan@münchen.example' }, { email: 'alan@xn--mnchen-3ya.example' }],
    [byEmail, { email: null, username: 'ACME\\Alan' }],
    [byEmail, { ...byEmail, username: 'alan@acme.test' }],
    [byName, { username: alan.principalUsername.toUpperCase(), email: alan.emailAddress }],
  ])('accepts %j as the user in %j', async (key, named) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { deviceRegistrationCode: '123456789', ...named } });

    const code = await securid.registrationCodes.issue(key, 'ios', { user: alan });

    expect(code).toMatchObject({ deviceRegistrationCode: '123456789' });
  });

  it('accepts any user name beside the address of a user whose record has none', async () => {
    const { securid, tenant } = await openClient();
    const named = { email: alan.emailAddress, username: 'amertens' };
    tenant.answerNext({ status: 200, body: { deviceRegistrationCode: '123456789', ...named } });

    const { id, emailAddress } = alan;
    const user = { id, emailAddress, principalUsername: undefined, alternateUsername: undefined };
    const code = await securid.registrationCodes.issue(byEmail, 'ios', { user });

    expect(code).toMatchObject({ deviceRegistrationCode: '123456789' });
  });

  const disabled = user({ ...alan, userStatus: 'Disabled' });
  it.each([
    ['NOT_LICENSED', { licensed: false }],
    ['USER_NOT_FOUND', { users: [] }],
    ['USER_DISABLED', { users: [disabled] }],
    ['DEVICE_ALREADY_REGISTERED', { devices: [phone({ userId: alan.id })] }],
  ])('is refused once with the reason %s', async (reason, records) => {
    const { securid, tenant } = await openClient({ records });
    expect(await failureOf(securid.registrationCodes.issue(byEmail, 'ios'))).toMatchObject({
      code: 'REFUSED',
      reason,
      status: 403,
    });
    expect(tenant.calls()).toHaveLength(1);
  });

  it.each([
    ['User already has a device registered.', 'DEVICE_ALREADY_REGISTERED'],
    ['User already has a registered device.', 'DEVICE_ALREADY_REGISTERED'],
    ['User disabled.person@acme.test not found.', 'USER_NOT_FOUND'],
    ['User not licensed@acme.test not found.', 'USER_NOT_FOUND'],
    ['User access token@acme.test not found.', 'USER_NOT_FOUND'],
    ['USER IS DISABLED', 'USER_DISABLED'],
  ])('understands: %s', async (message, reason) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 403, body: { status: 403, error: 'Forbidden', message } });
    expect(await failureOf(securid.registrationCodes.issue(byEmail, 'ios'))).toMatchObject({
      code: 'REFUSED',
      reason,
    });
  });

  it('attributes an unknown refusal to the key', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 403, body: { message: 'The moon is full.' } });
    expect(await failureOf(securid.registrationCodes.issue(byEmail, 'ios'))).toMatchObject({
      code: 'NOT_AUTHORIZED',
      reason: undefined,
    });
    expect(tenant.calls()).toHaveLength(1);
  });

  describe('asks its caller at its turn', () => {
    const refused = { status: 429, body: {}, headers: { 'retry-after': '1' } };

    it('and is not sent if the answer is no, which the caller gets as it is', async () => {
      const { securid, tenant } = await openClient();
      const no = new Error('no');

      const call = securid.registrationCodes.issue(byEmail, 'ios', {
        atTurn: () => Promise.reject(no),
      });

      await expect(call).rejects.toBe(no);
      expect(tenant.requests).toEqual([]);
      await securid.registrationCodes.issue(byEmail, 'ios');
      expect(tenant.requests).toHaveLength(1);
    });

    it('and not earlier, while others have theirs', async () => {
      const { securid, tenant } = await openClient({ pace: { concurrency: 1 } });
      const hold = tenant.hold(LOOKUP);
      const other = securid.users.find(byEmail);
      await hold.arrived();
      let asked = 0;
      const call = securid.registrationCodes.issue(byEmail, 'ios', {
        async atTurn() {
          asked += 1;
        },
      });
      await new Promise(setImmediate);
      expect(asked).toBe(0);

      hold.release();
      await Promise.all([other, call]);

      expect(asked).toBe(1);
    });

    it('and again after a 429', async () => {
      const { securid, tenant, clock } = await openClient();
      tenant.answerNext(refused, 1, CODE);
      const answers = [() => Promise.resolve(), () => Promise.reject(new Error('not any more'))];

      const call = securid.registrationCodes.issue(byEmail, 'ios', {
        atTurn: () => answers.shift()?.() ?? Promise.resolve(),
      });
      call.catch(() => {});
      await idleFor(clock, 1000);
      clock.advance(1000);

      await expect(call).rejects.toThrow('not any more');
      expect(tenant.calls()).toEqual([CODE]);
    });

    it('and sends nothing if the answer came too late', async () => {
      const { securid, tenant, clock } = await openClient();
      let answer: (() => void) | undefined;
      const call = failureOf(
        securid.registrationCodes.issue(byEmail, 'ios', {
          until: clock.elapsed() + 5000,
          atTurn: () =>
            new Promise((resolve) => {
              answer = resolve;
            }),
        }),
      );
      await soon(() => expect(answer).toBeDefined());
      clock.advance(5000);

      expect(await call).toMatchObject({ code: 'UNAVAILABLE', sent: false });
      answer?.();
      await securid.users.find(byEmail);
      expect(tenant.calls()).toEqual([LOOKUP]);
    });
  });
});

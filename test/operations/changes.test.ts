import { describe, expect, it } from 'vitest';
import { whyFailed } from '../../src/guard/audit-channel/reasons.ts';
import { createChanges } from '../../src/guard/change/changes.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import { fidoKey, phone, sid700, user } from '../../src/playground/tenant-records.ts';
import { openClient, TOKEN } from '../securid/support.ts';
import { SOME_CREDENTIAL, SOME_SERIAL, someInput } from '../support/some-input.ts';

const noor = user({
  emailAddress: 'noor@acme.test',
  isTokenLocked: true,
  emergencyAccessStatus: 'Enabled',
  emergencyTokencodeId: '3c0f5a1e-5b8d-4f2a-9d6c-7e1b2a4c8d90',
});

describe('a declared change', () => {
  it.each(CHANGES.map((change) => [change.name, change] as const))(
    'uses the API and the permission that it declares: %s',
    async (name, change) => {
      // No code is issued while a device is registered.
      const devices = name.startsWith('delete') ? [phone({ userId: noor.id, id: '4711' })] : [];
      const { securid, tenant } = await openClient({
        credential: 'oauth rsa',
        records: {
          users: [noor],
          devices,
          fidoTokens: [fidoKey({ userId: noor.id, id: SOME_CREDENTIAL })],
          tokens: [
            change.name === 'token-assign'
              ? sid700({ tokenSerialNumber: SOME_SERIAL })
              : sid700({ tokenSerialNumber: SOME_SERIAL, userId: noor.id }),
          ],
        },
        traits: { repeated: 'accepted' },
      });
      const key = { email: noor.emailAddress };
      const found = await securid.users.find(key);
      if (!found) throw new Error('nobody was found');
      tenant.requests.length = 0;

      await change.perform(
        { user: found, key, input: someInput(change, found), securid, authenticatorApi: 2 },
        {},
      );

      const [token, ...asked] = tenant.requests;
      expect(token).toMatchObject({ route: TOKEN, body: { scope: change.scope } });
      const apis = asked.map(({ route }) => route.replace(' /', ' '));
      expect(apis).toEqual([change.api.replace(/\{\w+\}/, '{id}')]);
    },
  );

  it.each(CHANGES.map((change) => [change.name, change] as const))(
    'has plain words in AUDIT_CHANNEL for each reason of RSA’s: %s',
    (_, { say }) => {
      const failures = Object.keys(say.refusals).map((reason) => `REFUSED: ${reason}`);
      const known = createChanges(CHANGES, []);
      expect(failures.filter((failure) => whyFailed(failure, known) === failure)).toEqual([]);
    },
  );
});

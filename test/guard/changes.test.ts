import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { PendingOfAnyVersion } from '../../src/guard/approval/pending.ts';
import { createChanges } from '../../src/guard/change/changes.ts';
import { idsOf } from '../../src/guard/form/card.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import { startTenant } from '../../src/playground/tenant/index.ts';
import { findRoute } from '../../src/playground/tenant/routes.ts';
import { tenantRecords } from '../../src/playground/tenant-records.ts';
import {
  createSecurID,
  READ_PERMISSIONS,
  type SecurID,
  type UserDetails,
} from '../../src/securid/index.ts';
import { someInput } from '../support/some-input.ts';

const READS: readonly string[] = READ_PERMISSIONS;

const NAMES = CHANGES.map(({ name }) => name);

/** A client that records every call with its options and answers nothing. */
function listening() {
  const heard: unknown[][] = [];
  const ask = async (...given: unknown[]) => void heard.push(given);
  const methods = new Proxy({}, { get: () => ask });
  // Stands in for any method of the client, present or future.
  return { heard, securid: new Proxy({}, { get: () => methods }) as unknown as SecurID };
}

describe.each(CHANGES)('the change “$name”', (change) => {
  const locked = { isTokenLocked: true, isSmsLocked: true, isVoiceLocked: true };
  const [first] = tenantRecords().users;
  const emergency = { emergencyAccessStatus: 'Enabled', emergencyTokencodeId: 'eac' };
  const user = { ...first, ...locked, ...emergency } as UserDetails;
  const key = { email: 'grace@acme.test' };
  const input = someInput(change, user);

  it('asks SecurID once, with the options that let the guard stop and record it', async () => {
    const { heard, securid } = listening();
    const atTurn = async () => {};

    await change
      .perform({ securid, authenticatorApi: 2, user, key, input }, { atTurn })
      .catch(() => {});

    expect(heard).toHaveLength(1);
    expect(heard[0]?.at(-1)).toMatchObject({ atTurn });
  });

  it("declares its API's permission", () => {
    const [method = '', path = ''] = change.api.split(' ');
    const route = findRoute(
      method,
      `/AdminInterface/restapi/${path.replace('{userId}', '3c0f5a1e-5b8d-4f2a-9d6c-7e1b2a4c8d90')}`,
    );
    expect(route).toMatchObject({ to: 'admin API', endpoint: { permission: change.scope } });
  });

  it('declares every permission that it asks for', async () => {
    const tenant = await startTenant({ clock: systemClock });
    onTestFinished(() => tenant.stop());
    const { rsaPrivateKey: privateKey, ...client } = tenant.oauth;
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (url, init) => {
      const scope = new URLSearchParams(String(init?.body)).get('scope');
      asked.push(...(scope?.split(' ') ?? []));
      return globalThis.fetch(url, init);
    };
    const securid = createSecurID({
      credentials: { oauthClient: { ...client, privateKey } },
      fetch,
      clock: systemClock,
    });
    const onDevice = { ...input, device: '123456789' };
    for (const one of change.switchedBy === 'token' ? [input, onDevice] : [input]) {
      await change
        .perform({ securid, authenticatorApi: 2, user, key, input: one }, {})
        .catch(() => {});
    }

    const own = (scopes: readonly string[]) =>
      [...new Set(scopes)].filter((scope) => !READS.includes(scope)).toSorted();
    expect(own(change.scopes)).toEqual(own(asked));
  });

  it('only takes access away if the app or an alert offers it', () => {
    if (change.onReport || change.onAlert) expect(change.risk).toBe('protects');
  });

  it('accepts only complete input, and says at the field what is missing', () => {
    expect(change.complete(input)).toEqual({ input });
    for (const { id, missing } of change.fields) {
      expect(change.complete({ ...input, [id]: 'none such' })).toEqual({
        errors: { [id]: missing },
      });
    }
  });

  it('asks for a verification, for a confirmation, or for nothing at all, by its risk', () => {
    const { risk, fields, limits, isSecret, say } = change;
    expect(/^Verify and /.test(say.verify)).toBe(risk === 'restores' || risk === 'grants');
    // Without a form there is nothing to choose, and the record's own answer is no secret.
    if (risk === 'refreshes') expect([...fields, isSecret]).toEqual([false]);
    // Taking access away is never refused for being too much.
    if (risk === 'protects') expect(limits).toEqual([]);
  });

  it('shares no button, form or seal with another change', () => {
    const others = CHANGES.filter((one) => one !== change).flatMap((one) =>
      Object.values(idsOf(one)),
    );
    expect(Object.values(idsOf(change)).filter((label) => others.includes(label))).toEqual([]);
  });
});

describe('the changes', () => {
  it.each([
    [['code'], 'registration codes', 'issued'],
    [['unlock'], 'unlocks', 'carried out'],
    [NAMES, 'changes that give access', 'made'],
    [[], 'changes that give access', 'made'],
  ])('say what a lockdown stops if %j is switched on', (on, many, done) => {
    expect(createChanges(CHANGES, on).stopped).toMatchObject({ many, done });
  });

  it('have words for a change that this version does not know', () => {
    const { textOf, knows } = createChanges(CHANGES, NAMES);
    expect(knows('from a newer version')).toBe(false);
    expect(textOf('constructor').words.one).toBe('a change');
  });
});

describe('a request for approval', () => {
  const card = {
    id: '3c0f5a1e-5b8d-4f2a-9d6c-7e1b2a4c8d90',
    key: { email: 'alan@acme.test' },
    userId: 'alan',
    name: 'Alan Mertens',
    agent: 'U0JONAS',
    needsApproval: true,
  };
  const verification = { method: 'By phone', ticket: 'INC-1', reason: 'New telephone' };
  const rest = {
    agent: { userId: 'U0JONAS', channelId: 'C1', responseUrl: 'https://hooks.slack.test/1' },
    incident: 'AAAA-1111',
    until: 1,
  };

  it('is read as the previous version stored it, with one change only', () => {
    const kept = {
      request: {
        card: { ...card, platform: 'ios' },
        verification: { ...verification, platform: 'ios' },
      },
      ...rest,
    };

    expect(PendingOfAnyVersion.parse(kept)).toEqual({
      request: {
        change: 'code',
        input: { platform: 'ios' },
        card: { ...card, input: { platform: 'ios' } },
        verification,
      },
      ...rest,
    });
  });
});

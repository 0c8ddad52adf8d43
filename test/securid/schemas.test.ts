import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiKeyPem } from '../../src/playground/tenant/keys.ts';
import { ds100, sid700, tenantRecords } from '../../src/playground/tenant-records.ts';
import { HardwareToken } from '../../src/securid/hardware-tokens.ts';
import { createSecurID, readApiKey, type SecurID, SecurIDError } from '../../src/securid/index.ts';
import { count, flag, id, list, moment, name, text } from '../../src/securid/wire.ts';
import { manualClock } from '../support/manual-clock.ts';
import { grace, UNHURRIED } from './support.ts';

/** A client whose tenant answers everything with the latest body. */
function clientOf() {
  let body = '';
  const securid = createSecurID({
    credentials: {
      apiKey: readApiKey(
        JSON.stringify({
          accessID: 'access-id',
          accessKey: apiKeyPem,
          adminRestApiUrl: 'https://tenant.test/AdminInterface/restapi/v1',
        }),
      ),
    },
    fetch: async () => new Response(body),
    clock: manualClock(),
    pace: { ...UNHURRIED, burst: 1_000_000, concurrency: 100 },
  });
  return {
    securid,
    answer(next: string) {
      body = next;
    },
  };
}

const without = { includeBrowsers: false };
const calls: Record<string, (securid: SecurID) => Promise<unknown>> = {
  'users.find': ({ users }) => users.find({ email: 'grace@acme.test' }),
  'users.search': ({ users }) => users.search('grace'),
  'users.findInDirectory': ({ users }) => users.findInDirectory({ email: 'grace@acme.test' }),
  'users.sync': ({ users }) => users.sync(grace.id),
  'users.setStatus': ({ users }) => users.setStatus(grace.id, 'Disabled'),
  'authenticators.detailsV1': ({ authenticators }) => authenticators.detailsV1(grace.id, without),
  'authenticators.detailsV2': ({ authenticators }) => authenticators.detailsV2(grace.id, without),
  'hardwareTokens.find': ({ hardwareTokens }) => hardwareTokens.find('000000900001'),
  'hardwareTokens.onDevice': ({ hardwareTokens }) => hardwareTokens.onDevice('140109000'),
  'registrationCodes.issue': (securid) =>
    securid.registrationCodes.issue({ email: 'grace@acme.test' }, 'ios'),
  'licenseUsage.v1': ({ licenseUsage }) => licenseUsage.v1(),
};

const device = { id: '21', name: 'Pixel', registeredDate: '2021-06-02T20:55:45.562Z' };
const known: Record<string, object> = {
  'users.find': grace,
  'users.search': { totalPages: 1, totalElements: 1, elements: [grace] },
  'users.findInDirectory': grace,
  'users.sync': grace,
  'users.setStatus': { id: grace.id, userStatus: 'Disabled' },
  'authenticators.detailsV1': { ...device, osType: 'iOS 8.1.2', userid: grace.id },
  'authenticators.detailsV2': {
    devices: [{ ...device, deviceType: 'iOS 8.1.2', browser: false }],
    sidTokens: [sid700({ tokenSerialNumber: '000000900001' })],
    fidoTokens: [{ ...device, deviceType: 'FIDO Token', status: 'Enabled' }],
  },
  'hardwareTokens.find': sid700({ tokenSerialNumber: '000000900001' }),
  'hardwareTokens.onDevice': ds100({ tokenSerialNumber: '014010900007' }),
  'registrationCodes.issue': { companyID: 'acme', deviceRegistrationCode: '012345678' },
  'licenseUsage.v1': tenantRecords().licenseUsage,
};

const settled = (call: Promise<unknown>) =>
  call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );

describe.each(Object.keys(calls))('%s', (method) => {
  const call = calls[method] as (securid: SecurID) => Promise<unknown>;
  const good = known[method] as Record<string, unknown>;

  const isCleanRefusal = (outcome: object) =>
    !('error' in outcome) ||
    (outcome.error instanceof SecurIDError && outcome.error.code === 'UNEXPECTED_RESPONSE');

  it('returns a result or an error, whatever the tenant says', async () => {
    const { securid, answer } = clientOf();
    const anything = fc.oneof(fc.json(), fc.string());
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        answer(body);
        expect(isCleanRefusal(await settled(call(securid)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('returns a result or an error, whatever happens to a property', async () => {
    const { securid, answer } = clientOf();
    const broken = fc.record({
      property: fc.constantFrom(...Object.keys(good)),
      value: fc.option(fc.jsonValue(), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(broken, async ({ property, value }) => {
        answer(JSON.stringify({ ...good, [property]: value }));
        expect(isCleanRefusal(await settled(call(securid)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('understands what it knows, whatever else there is', async () => {
    const { securid, answer } = clientOf();
    answer(JSON.stringify(good));
    const understood = await settled(call(securid));
    expect(understood).toHaveProperty('answer');

    const more = fc.dictionary(
      fc.string().map((key) => `x-${key}`),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(more, async (extra) => {
        answer(JSON.stringify({ ...extra, ...good }));
        expect(await settled(call(securid))).toEqual(understood);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a hardware token', () => {
  it('is readable with any of its properties missing', () => {
    const token = sid700({ tokenSerialNumber: '000000900001', userId: grace.id });
    fc.assert(
      fc.property(fc.subarray(Object.keys(token)), (kept) => {
        const some = Object.fromEntries(
          Object.entries(token).filter(([key]) => kept.includes(key)),
        );
        const read = HardwareToken.parse(some);
        for (const [property, value] of Object.entries(HardwareToken.parse(token))) {
          const expected = kept.includes(property) ? value : undefined;
          expect(read[property as keyof HardwareToken]).toEqual(expected);
        }
      }),
    );
  });
});

describe('a text', () => {
  it('is a trimmed, non-empty text, or nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = text.parse(value);
        if (read !== undefined) {
          expect(read).toBe(read.trim());
          expect(['', 'null']).not.toContain(read);
        }
      }),
    );
  });

  it('keeps digits as they are written', () => {
    const digits = fc.stringMatching(/^\d{1,36}$/);
    fc.assert(
      fc.property(digits, (serial) => {
        expect(text.parse(serial)).toBe(serial);
        expect(id.parse(serial)).toBe(serial);
      }),
    );
  });
});

describe('a name', () => {
  const word = fc.string({ unit: 'binary', minLength: 1 });

  it('is decoded if it was encoded', () => {
    fc.assert(
      fc.property(word, (written) => {
        expect(name.parse(encodeURIComponent(written))).toBe(written.trim() || undefined);
      }),
      { examples: [["'s FIDO token"], ['100%'], ['☠'], ['%20']] },
    );
  });

  it('is readable whatever it contains', () => {
    const oddly = fc
      .array(fc.oneof(fc.constantFrom('%', '%2', '%20', '%E2', '%98', '%FF', '%zz', ' '), word))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(oddly, (written) => {
        const read = name.parse(written);
        expect(read === undefined || read.length > 0).toBe(true);
      }),
    );
  });
});

describe('a flag', () => {
  const cased = fc.tuple(fc.boolean(), fc.infiniteStream(fc.boolean())).map(([value, upper]) => ({
    value,
    written: [...String(value)]
      .map((letter) => (upper.next().value ? letter.toUpperCase() : letter))
      .join(''),
  }));

  it('is read from a boolean, or from its word in any case', () => {
    fc.assert(
      fc.property(cased, ({ value, written }) => {
        expect(flag.parse(value)).toBe(value);
        expect(flag.parse(written)).toBe(value);
        expect(flag.parse(` ${written} `)).toBe(value);
      }),
    );
  });

  it('is unknown in any other form', () => {
    const isFlag = (value: unknown) =>
      typeof value === 'boolean' ||
      (typeof value === 'string' && /^\s*(true|false)\s*$/i.test(value));
    const other = fc.jsonValue().filter((value) => !isFlag(value));
    fc.assert(
      fc.property(other, (value) => {
        expect(flag.parse(value)).toBeUndefined();
      }),
    );
  });
});

describe('a point in time', () => {
  const date = fc.date({
    noInvalidDate: true,
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
  });

  it('is the same with Z, with UTC, without a zone, and in milliseconds', () => {
    fc.assert(
      fc.property(date, (moments) => {
        const iso = moments.toISOString();
        const bare = iso.slice(0, -1);
        for (const written of [iso, `${bare} UTC`, `${bare}UTC`, bare, bare.replace('T', ' ')]) {
          expect(moment.parse(written)).toEqual(moments);
        }
        expect(moment.parse(moments.getTime())).toEqual(moments);
      }),
    );
  });

  it('is a valid date, or nothing', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.string(), fc.double(), date.map(String));
    fc.assert(
      fc.property(anything, (value) => {
        const read = moment.parse(value);
        expect(read === undefined || !Number.isNaN(read.getTime())).toBe(true);
      }),
    );
  });

  it.each(['in 5 minutes', 'soon 1', 'May', '12/11/2026', '5', 'null', '', '2026-13-45'])(
    'is not "%s"',
    (written) => {
      expect(moment.parse(written)).toBeUndefined();
    },
  );
});

describe('a count', () => {
  it('is a whole number of at least 0, or the same as a string', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (number) => {
        expect(count.parse(number)).toBe(number);
        expect(count.parse(String(number))).toBe(number);
        expect(count.safeParse(-number - 1).success).toBe(false);
      }),
    );
  });
});

describe('a list', () => {
  it('contains what it was given, without gaps', () => {
    const gappy = fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.constant(null)));
    fc.assert(
      fc.property(gappy, (items) => {
        const read = list(text).parse(items.map((item) => item && `.${item}.`));
        expect(read).toEqual(items.filter((item) => item !== null).map((item) => `.${item}.`));
      }),
    );
  });
});

import {
  type CallOptions,
  lacks,
  type Permission,
  READ_PERMISSIONS,
  SecurIDError,
} from '../../securid/index.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import { NOBODY, PATIENCE, type SecurIDAccess } from '../securid-access.ts';
import { atSecurID, isForToken, LACKING } from '../securid-trouble.ts';
import type { Services } from '../services.ts';

/** Whether SecurID accepts this app's key or client, and how long the tenant takes to answer. */
export const tenant: Check = {
  area: 'SecurID',
  name: 'tenant',
  async run({ securid, clock }) {
    if (!securid) return [unasked('tenant', 'Fix the configuration first.')];
    const kind = securid.issuer === undefined ? 'API key' : 'OAuth client';
    try {
      await securid.securid.canSignIn();
      const until = clock.elapsed() + PATIENCE;
      await securid.securid.users.find({ email: NOBODY }, { until });
      await securid.securid.users.find({ email: NOBODY }, { until, fresh: true });
      return [ok(kind, `${securid.host} accepts it`), time(securid)];
    } catch (error) {
      const lacking = await lackingReads(securid, error);
      return [
        ...(lacking.length > 0 ? lacking : [atSecurID(kind, error, securid)]),
        unasked('APIs', 'Fix the line above first.'),
      ];
    }
  },
};

/** If there is no token for the look-ups: which of their permissions the client lacks, if it has any. */
async function lackingReads(access: SecurIDAccess, error: unknown): Promise<Finding[]> {
  const { credentials, securid } = access;
  const isChosen = 'oauthClient' in credentials && credentials.oauthClient.scope === undefined;
  if (!isChosen || !isOfScope(error)) return [];
  const lacking = await Promise.all(
    READ_PERMISSIONS.map(async (scope) => {
      const refused = await securid.canSignIn(scope).then(() => false, isOfScope);
      return refused ? scope : undefined;
    }),
  );
  const found = lacking.filter((scope) => scope !== undefined);
  if (found.length === READ_PERMISSIONS.length) return [];
  const needed = found.filter((scope) => lacks('', scope));
  return needed.map((scope) =>
    failed(scope, 'the OAuth client lacks it; no look-up works without it', LACKING),
  );
}

/** RSA's clients read a bare 403 as a missing permission. */
const isOfScope = (error: unknown) =>
  error instanceof SecurIDError &&
  isForToken(error) &&
  /: (?:403(?: rsa\.|$)|\d+ (?:invalid_scope|access_denied))/.test(error.message);

const unasked = (name: string, remedy: string): Finding =>
  warning(name, 'not checked: SecurID could not be asked', { remedy });

/** In milliseconds. A card needs two calls in a row, and says after three seconds that it takes long. */
const SLOW = 1500;

function time({ heard }: SecurIDAccess): Finding {
  const ms = Math.round(heard.warm());
  if (ms < SLOW) return ok('time to the tenant', `${ms} ms, over an open connection`);
  return warning('time to the tenant', `${ms} ms: answers are slow`, {
    remedy: 'Check the proxy and the network between this machine and the tenant.',
  });
}

/** An API that only reads, and a request to it that finds nobody. */
type Read = {
  name: string;
  ask: (services: Asked, options: CallOptions) => Promise<unknown>;
  /** Whether everything else works without it. */
  mayBeMissing?: true;
  isOn?: (services: Services) => boolean;
};

type Asked = { securid: SecurIDAccess['securid']; version: 1 | 2 };

/** An address that nobody has. */
const NO_ID = '00000000-0000-0000-0000-000000000000';
const NO_SERIAL = '000000000000';

const READS: readonly Read[] = [
  { name: 'user details', ask: ({ securid }, how) => securid.users.find({ email: NOBODY }, how) },
  { name: 'user search', ask: ({ securid }, how) => securid.users.search(NOBODY, how) },
  {
    name: 'authenticators',
    ask: ({ securid, version }, how) =>
      securid.authenticators[version === 1 ? 'detailsV1' : 'detailsV2'](NO_ID, {
        ...how,
        includeBrowsers: false,
      }),
  },
  {
    name: 'hardware tokens',
    ask: ({ securid }, how) => securid.hardwareTokens.find(NO_SERIAL, how),
  },
  {
    name: 'SecurID DS100',
    ask: ({ securid }, how) => securid.hardwareTokens.onDevice(NO_SERIAL.slice(3), how),
    mayBeMissing: true,
  },
  {
    name: 'last sign-ins',
    ask: ({ securid }, how) => securid.authLogs.of(NO_ID, how),
    mayBeMissing: true,
  },
  {
    name: 'license usage',
    ask: ({ securid }, how) => securid.licenseUsage.months(how),
    isOn: ({ config }) =>
      config.roles.manager.length > 0 || config.licenseSchedule.channel !== undefined,
  },
];

/** Asks each of these APIs for something that does not exist. */
export const apis: readonly Check[] = READS.map((read) => ({
  area: 'SecurID',
  name: read.name,
  async run(services) {
    const { securid, config, clock } = services;
    if (!securid || !config.securid || !(read.isOn?.(services) ?? true)) return [];
    if (!(await securid.isThere())) return [];
    const asked = { securid: securid.securid, version: config.securid.authenticatorApi };
    try {
      await read.ask(asked, { until: clock.elapsed() + PATIENCE });
      return [ok(read.name, 'may be read')];
    } catch (error) {
      const finding = atSecurID(read.name, error, securid);
      return [read.mayBeMissing ? { ...finding, result: 'warning' } : finding];
    }
  },
}));

/** What each change needs. With OAuth, asks for a token with its permission, and sends nothing that could change anything. */
export const changes: Check = {
  area: 'SecurID',
  name: 'changes',
  async run({ securid, changes }) {
    if (!securid || changes.length === 0 || !(await securid.isThere())) return [];
    const scopes = [...new Set(changes.flatMap((one) => one.scopes))];
    if (securid.issuer === undefined) return [ofRole(scopes)];
    return Promise.all(
      scopes.map((scope) => {
        const names = changes.filter((one) => one.scopes.includes(scope)).map(({ name }) => name);
        return permission(securid, scope, names);
      }),
    );
  },
};

const ofRole = (scopes: readonly string[]): Finding =>
  warning(
    'changes',
    `nobody can see what the key’s role covers; it has to cover ${scopes.join(', ')}`,
    {
      remedy: 'Compare it in the console. Help Desk Administrator is enough for all of them.',
    },
  );

async function permission(
  access: SecurIDAccess,
  scope: Permission,
  names: readonly string[],
): Promise<Finding> {
  const { securid, credentials } = access;
  const given = 'oauthClient' in credentials ? credentials.oauthClient.scope : undefined;
  if (given !== undefined && lacks(given, scope)) {
    return failed(scope, `SECURID_OAUTH_SCOPE lacks it; needed for ${names.join(', ')}`, {
      remedy: 'Add it there, or leave that variable empty: then each call asks for what it needs.',
      symptom: 'the-configured-scope-lacks-a-permission',
    });
  }
  try {
    await securid.canSignIn(scope);
    return ok(scope, `granted, for ${names.join(', ')}`);
  } catch (error) {
    const isLacking = error instanceof SecurIDError && error.permission === scope;
    if (!isLacking) return atSecurID(scope, error, access);
    return failed(scope, `the OAuth client lacks it; needed for ${names.join(', ')}`, LACKING);
  }
}

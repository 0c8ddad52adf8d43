import type { Row } from '../../../src/audit/row.ts';
import { CHANGES } from '../../../src/operations/changes.ts';
import type { TenantRequest } from '../../../src/playground/tenant/index.ts';
import { followRows } from './rows.ts';
import type { Scene } from './scene.ts';

/** Whoever is answered with one of these knows that nothing was changed, and may ask again. */
const REFUSED = [401, 403, 429];

const ENDED = ['done', 'not done', 'unknown'];

type Intent = Row;

type Watched = Pick<Scene, 'tenant'> & {
  /** The trail of each instance. */
  auditFiles: string[];
};

/** Watches every request that changes something, and the rows about it. */
export function watchChanges({ tenant, auditFiles }: Watched) {
  const trails = auditFiles.map(followRows);
  const rows = () => trails.flatMap((read) => read());
  /** The last request that each intent led to. */
  const requests = new Map<Intent, TenantRequest>();
  const withoutIntent: string[] = [];
  const twice: string[] = [];
  const afterTheEnd: string[] = [];

  const intents = () => rows().filter(({ event }) => event === 'intent');
  const endsOf = ({ incident, operation }: Intent) =>
    rows().filter(
      (row) =>
        row.incident === incident && row.operation === operation && ENDED.includes(row.event),
    );

  /** Which of the intents on disk a request is for, or what is wrong with it. */
  function account(request: TenantRequest, names: string[], targets: string[]): void {
    const what = `${request.route} for ${targets.join(' or ')}`;
    const asked = intents().filter(
      ({ operation = '', target = '' }) =>
        names.includes(operation) && targets.includes(target.toLowerCase()),
    );
    if (asked.length === 0) return void withoutIntent.push(what);
    const free = asked.filter((intent) => {
      const before = requests.get(intent);
      return !before || REFUSED.includes(before.status ?? 0);
    });
    const endedAs = (intent: Intent) => endsOf(intent)[0]?.event;
    // After `unknown` one may still arrive that was on its way.
    const open =
      free.find((intent) => endedAs(intent) === undefined) ??
      free.find((intent) => endedAs(intent) === 'unknown');
    if (open) requests.set(open, request);
    else (free.length > 0 ? afterTheEnd : twice).push(what);
  }

  // Checked when the request arrives: a row written later would be too late.
  const seen = new Set<object>();
  tenant.watch((request) => {
    if (seen.has(request)) return;
    seen.add(request);
    const names = changesAt(request);
    if (names.length > 0) account(request, names, targetsOf(request, tenant.records));
  });

  const nameOf = ({ operation, incident }: Intent) => `${operation} ${incident}`;

  return {
    /** Before these requests no row was on disk. */
    withoutIntent,
    /** These were sent although the one before may have been carried out. */
    twice,
    /** These were sent after a row had said how it ended. */
    afterTheEnd,
    intents: () => intents().length,
    /** How many requests each change led to, by its name. */
    requested(): Record<string, number> {
      const counts = Object.fromEntries(CHANGES.map(({ name }) => [name, 0]));
      for (const { operation = '' } of requests.keys()) {
        counts[operation] = (counts[operation] ?? 0) + 1;
      }
      return counts;
    },
    /** How many intents ended so. */
    ended: (how: string) =>
      intents().filter((intent) => endsOf(intent).some(({ event }) => event === how)).length,
    /** Intents that share an incident and a change, or have no end, or more than one. */
    unclear(): string[] {
      const names = intents().map(nameOf);
      return intents()
        .filter((intent) => endsOf(intent).length !== 1)
        .map(nameOf)
        .concat(names.filter((name, index) => names.indexOf(name) !== index));
    },
    /** Rows that tell what cannot be so, by the answer that SecurID gave or did not give. */
    untrue: () =>
      intents().flatMap((intent) => {
        const [end] = endsOf(intent);
        const { status = 0 } = requests.get(intent) ?? {};
        const isAsked = requests.has(intent);
        const isRefused = status >= 400 && status < 500;
        const isUntrue =
          (end?.event === 'done' && !isAsked) ||
          (end?.event === 'not done' && isAsked && !isRefused);
        return isUntrue ? `${nameOf(intent)}: ${end?.event}, answered with ${status}` : [];
      }),
  };
}

/** The changes that the request may make, by their documented API. */
function changesAt({ route, body }: TenantRequest): string[] {
  const names = CHANGES.filter(({ api }) => routeOf(api) === route).map(({ name }) => name);
  // Looking in the directory shares its API with a look-up.
  const isLookUp = !JSON.stringify(body ?? {}).includes('searchUnsynched');
  return names.filter((name) => name !== 'directory' || !isLookUp);
}

const routeOf = (api: string) => api.replace(' ', ' /').replace(/\{\w+\}/, '{id}');

/** Whom a row about the request names: the user's id, or what was typed for somebody not known yet. */
function targetsOf({ path, body }: TenantRequest, { users }: Scene['tenant']['records']): string[] {
  const [, id] =
    /\/users\/([\da-f-]{36})\//i.exec(path) ?? /\/fido\/([\da-f-]{36})\//i.exec(path) ?? [];
  if (id) return [id.toLowerCase()];
  const { email, username } = body as { email?: string; username?: string };
  const asked = [email, username].flatMap((one) => one ?? []);
  const found = users.filter(
    ({ emailAddress, principalUsername }) =>
      emailAddress === email || (username !== undefined && principalUsername === username),
  );
  return [...asked, ...found.map(({ id: its }) => its)].map((one) => one.toLowerCase());
}

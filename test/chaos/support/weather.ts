import type { Fault as TenantFault } from '../../../src/playground/tenant/index.ts';
import type { Fault as SlackFault } from '../../../src/playground/workspace/index.ts';
import type { Random } from '../../support/random.ts';
import type { Scene } from './scene.ts';

const HUGE = { status: 200, body: 'x'.repeat(10_000_000) };

type Weather = Record<string, (scene: Scene, random: Random) => void>;

const sometimes = <T>(random: Random, share: number, faults: T[]) => {
  return () => (random.chance(share) ? random.one(faults) : undefined);
};

const page = (status: number): TenantFault => ({ status, body: `<h1>${status}</h1>` });

/** The tenant's faults. */
const TENANT: Weather = {
  calm: () => {},
  slow: ({ tenant }, random) => tenant.setDelay(random.between(100, 1500)),
  hanging: ({ tenant }, random) =>
    tenant.setAlways(sometimes<TenantFault>(random, 0.05, ['hang', 'hang after'])),
  resetting: ({ tenant }, random) =>
    tenant.setAlways(sometimes<TenantFault>(random, 0.4, ['reset', 'reset after', 'cut off'])),
  'refusing with 401, 403': ({ tenant }, random) =>
    tenant.setAlways(sometimes(random, 0.3, [page(401), page(403)])),
  '429': ({ tenant }) => tenant.rateLimit({ perSecond: 40, burst: 10 }),
  '5xx': ({ tenant }, random) =>
    tenant.setAlways(sometimes(random, 0.5, [500, 502, 503, 504].map(page))),
  '10 MB': ({ tenant }, random) => tenant.setAlways(sometimes<TenantFault>(random, 0.1, [HUGE])),
  'drip-feeding': ({ tenant }, random) =>
    tenant.setAlways(sometimes<TenantFault>(random, 0.05, ['drip'])),
  'key refused': ({ tenant }) => tenant.setKeyRefused(true),
  'key changed': ({ tenant }, random) => tenant.revokeTokens(random.one([401, 403] as const)),
};

const busy: SlackFault = { status: 429, headers: { 'retry-after': '1' } };

const at = (isThere: (where: string) => boolean, faultOf: () => SlackFault | undefined) => {
  return (where: string) => (isThere(where) ? faultOf() : undefined);
};
const webApi = (where: string) => where !== 'response_url';
const responseUrl = (where: string) => where === 'response_url';

/** Slack's faults. */
const SLACK: Weather = {
  calm: () => {},
  'Web API down': ({ workspace }, random) =>
    workspace.setAlways(at(webApi, sometimes<SlackFault>(random, 0.7, [{ status: 503 }, 'reset']))),
  'Web API slow': ({ workspace }, random) =>
    workspace.setAlways(at(webApi, () => ({ delay: random.between(300, 3500) }))),
  'Web API 429': ({ workspace }) => workspace.setAlways(at(webApi, () => busy)),
  'response_url down': ({ workspace }, random) =>
    workspace.setAlways(
      at(responseUrl, sometimes<SlackFault>(random, 0.4, [{ status: 503 }, 'reset'])),
    ),
  'response_url slow': ({ workspace }, random) =>
    workspace.setAlways(
      at(responseUrl, sometimes<SlackFault>(random, 0.3, [{ delay: 1000 }, { delay: 4500 }])),
    ),
  'response_url hanging': ({ workspace }, random) =>
    workspace.setAlways(at(responseUrl, sometimes<SlackFault>(random, 0.1, ['hang']))),
  'response_url 429': ({ workspace }, random) =>
    workspace.setAlways(at(responseUrl, sometimes<SlackFault>(random, 0.2, [busy]))),
};

function clear({ tenant, workspace }: Scene): void {
  tenant.setAlways(undefined);
  tenant.setDelay(0);
  tenant.rateLimit(undefined);
  tenant.setKeyRefused(false);
  workspace.setAlways(undefined);
}

/** Switches between faults at random until stopped: one of the tenant's, one of Slack's, or both. */
export function createWeather(scene: Scene, random: Random) {
  let name = 'calm';
  let timer: NodeJS.Timeout | undefined;

  function change(): void {
    clear(scene);
    const tenant = random.chance(0.7) ? random.one(Object.keys(TENANT)) : 'calm';
    const slack = random.chance(0.4) ? random.one(Object.keys(SLACK)) : 'calm';
    TENANT[tenant]?.(scene, random);
    SLACK[slack]?.(scene, random);
    const faults = [tenant !== 'calm' && `tenant ${tenant}`, slack !== 'calm' && slack];
    name = faults.filter(Boolean).join(' + ') || 'calm';
    timer = setTimeout(change, random.between(500, 2000));
  }

  return {
    start: change,
    now: () => name,
    stop(): void {
      clearTimeout(timer);
      clear(scene);
      name = 'calm';
    },
  };
}

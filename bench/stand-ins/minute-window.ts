import type { Tenant } from '../../src/playground/tenant/index.ts';

const MINUTE = 60_000;

/** Allows so many requests per calendar minute; the 429 says when the next minute begins. */
export function limitPerMinute(tenant: Tenant, perMinute: number): void {
  let startedAt = Date.now();
  let passed = 0;
  tenant.watch(({ endedAt }) => {
    if (endedAt !== undefined) return;
    const now = Date.now();
    if (now - startedAt >= MINUTE) {
      startedAt += Math.floor((now - startedAt) / MINUTE) * MINUTE;
      passed = 0;
    }
    const retryAfter = Math.ceil((startedAt + MINUTE - now) / 1000);
    const refused = { status: 429, headers: { 'retry-after': String(retryAfter) } };
    tenant.setAlways(passed < perMinute ? undefined : refused);
    if (passed < perMinute) passed += 1;
  });
}

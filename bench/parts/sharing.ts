import type { Clients } from '../pacing/main.ts';
import { type Remote, remote } from '../remote.ts';
import { atMost, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';

/** How many requests reach the tenant when many agents make the same look-up. */
export async function sharing({ standIns, children }: Setting): Promise<Row[]> {
  const tenant = await standIns.ask('tenant', { delay: 20 });
  const child = children.start('bench/pacing/main.js');
  const clients: Remote<Clients> = remote(child);
  await clients.ask('askTheSame', { tenant, times: 100 });
  const { requests } = await standIns.ask('traffic', tenant.id);
  await children.stop(child);
  return [atMost('100 identical look-ups at once: calls to the tenant', requests, 1)];
}

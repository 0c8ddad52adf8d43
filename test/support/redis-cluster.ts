import { vi } from 'vitest';
import { freePort } from './free-port.ts';
import { PATIENCE } from './patience.ts';
import { startRedis } from './redis.ts';

/** Two shards of a cluster. The second takes `securid-desk:written`, which the app writes to see whether it can. */
export async function startRedisCluster() {
  const shards = await Promise.all(
    [0, 1].map(async () => {
      const clusterPort = await freePort();
      return { ...(await startRedis({ clusterPort })), clusterPort };
    }),
  );
  const [first, second] = shards;
  if (!first || !second) throw new Error('no shards');
  await first.ask('CLUSTER', 'ADDSLOTSRANGE', '0', '8000');
  await second.ask('CLUSTER', 'ADDSLOTSRANGE', '8001', '16383');
  const { hostname, port } = new URL(second.url);
  await first.ask('CLUSTER', 'MEET', hostname, port, String(second.clusterPort));
  const isReady = async () => {
    const told = await Promise.all(shards.map(({ ask }) => ask('CLUSTER', 'INFO')));
    return told.every((one) => /cluster_state:ok.*cluster_size:2/s.test(String(one)));
  };
  await vi.waitUntil(isReady, PATIENCE);
  return { first, second };
}

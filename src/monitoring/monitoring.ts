import { createMetrics, type Metrics } from './metrics.ts';
import { createReadiness } from './readiness.ts';
import { createOpsServer } from './server.ts';

export type Monitoring = {
  metrics: Metrics;
  /** @throws CannotListen */
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
};

type Options = Parameters<typeof createMetrics>[0] &
  Parameters<typeof createReadiness>[0] & {
    /** Where probes and Prometheus ask. */
    ops: { host: string; port: number };
  };

/** The probes and metrics, and their server. */
export function createMonitoring({ ops, ...options }: Options): Monitoring {
  const metrics = createMetrics(options);
  const readiness = createReadiness(options);
  const { start, stop } = createOpsServer({ ...ops, metrics, readiness });
  return { metrics, start, stop };
}

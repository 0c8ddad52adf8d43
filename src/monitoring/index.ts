export { createMetrics, type Metrics, NO_LABEL, type PaceState } from './metrics.ts';
export { createMonitoring, type Monitoring } from './monitoring.ts';
export type { Check, Readiness } from './readiness.ts';
export { OpsPortTaken } from './server.ts';

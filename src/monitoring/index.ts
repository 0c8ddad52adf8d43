export { createMetrics, type Metrics, NO_LABEL, type PaceState } from './metrics.ts';
export { type Check, createReadiness, type Readiness } from './readiness.ts';
export { createOpsServer, OpsPortTaken } from './server.ts';

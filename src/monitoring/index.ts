export { createMetrics, type Metrics, NO_LABEL } from './metrics.ts';
export { createMonitoring } from './monitoring.ts';

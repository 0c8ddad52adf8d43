export type { Entry } from './row.ts';
export { type Audit, AuditError, createAudit } from './trail.ts';

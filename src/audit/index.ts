export type { Entry, Row } from './row.ts';
export { type Audit, AuditError, createAudit } from './trail.ts';

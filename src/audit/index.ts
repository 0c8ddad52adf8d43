export { AuditError } from './audit-error.ts';
export type { Past } from './past.ts';
export { type Entry, type Event, Position, type Row } from './row.ts';
export type { Found } from './search.ts';
export { type Audit, createAudit } from './trail.ts';

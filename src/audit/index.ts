export { AuditError } from './audit-error.ts';
export {
  type ChangeWords,
  COUNTED,
  type Event,
  eventsThat,
  LATE,
  meaningOf,
  type Said,
} from './events.ts';
export type { Past } from './past.ts';
export { type Entry, Position, type Row } from './row.ts';
export type { Found } from './search.ts';
export { type Audit, createAudit } from './trail.ts';

import type { GuardServices } from '../guard/services.ts';
import type { Licenses } from './license-usage/licenses.ts';

/** What operations work with. */
export type Services = GuardServices & { licenses: Licenses };

import type { DeskServices } from '../desk/operation.ts';
import type { Guard } from '../guard/guard.ts';
import type { Licenses } from './license-usage/licenses.ts';

export type Services = DeskServices & { guard: Guard; licenses: Licenses };

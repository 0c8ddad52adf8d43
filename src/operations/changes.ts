import type { Change } from '../guard/change/change.ts';
import { registrationCode } from './registration-code/change.ts';
import { unlock } from './unlock/change.ts';

/** Every change that can be switched on, in the order of `help`. */
export const CHANGES: readonly Change[] = [registrationCode, unlock];

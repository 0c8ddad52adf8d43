import type { Check } from '../finding.ts';
import { configuration } from './configuration.ts';
import { node, openFiles } from './machine.ts';

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [configuration, node, openFiles];

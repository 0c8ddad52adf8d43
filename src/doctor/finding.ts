import { type Symptom, see } from '../troubleshooting.ts';
import type { Services } from './services.ts';

/** What a check found: one line. */
export type Finding = {
  /** What was looked at, such as `bot token`, or the variable. */
  name: string;
  result: 'ok' | 'warning' | 'failed';
  /** What was seen, without a secret. */
  says: string;
  /** What to do about it. Each warning and failure has one. */
  remedy?: string;
  /** Where that is explained. */
  see?: string;
};

/** The headings, in their order. */
export const AREAS = [
  'Configuration',
  'This machine',
  'Slack',
  'Roles',
  'Channels',
  'SecurID',
  'Audit trail',
  'Redis',
] as const;

/** One check. It changes nothing, and may run at the same time as others and as the app. */
export type Check = {
  area: (typeof AREAS)[number];
  /** Names it in the line that says that it took too long. */
  name: string;
  /** It starts when the others have ended: it keeps this machine busy, or needs what they found. */
  isLate?: true;
  /** Returns what it found. Anything it throws becomes a line. */
  run(services: Services): Promise<Finding[]> | Finding[];
};

export const ok = (name: string, says: string): Finding => ({ name, result: 'ok', says });

/** What to do, and the symptom under which it is explained. */
export type Advice = { remedy: string; symptom?: Symptom };

/** It works or may work, but should be changed or checked. */
export const warning = (name: string, says: string, advice: Advice): Finding =>
  advised({ name, result: 'warning', says }, advice);

/** It does not work. */
export const failed = (name: string, says: string, advice: Advice): Finding =>
  advised({ name, result: 'failed', says }, advice);

const advised = (finding: Finding, { remedy, symptom }: Advice): Finding => ({
  ...finding,
  remedy,
  ...(symptom && { see: see(symptom) }),
});

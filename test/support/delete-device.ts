import { readFileSync } from 'node:fs';
import { MIRA, NOBODY } from '../../src/playground/company.ts';
import { type HelpDesk, type HelpDeskOptions, openHelpDesk } from './help-desk.ts';

/** Noor has an iPhone, and `code` and `delete` are switched on. */
export const openDeleteDesk = ({ env = {}, ...options }: HelpDeskOptions = {}) =>
  openHelpDesk({
    ...options,
    env: { SECURID_CHANGES: 'code,delete', SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env },
  });

/** The audit trail, once the bot has stopped. */
export async function rowsOf(desk: HelpDesk): Promise<Record<string, unknown>[]> {
  await desk.close();
  const lines = readFileSync(desk.auditFile, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

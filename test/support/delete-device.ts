import { MIRA, NOBODY } from '../../src/playground/company.ts';
import { type HelpDeskOptions, openHelpDesk } from './help-desk.ts';

/** Noor has an iPhone, and `code` and `delete` are switched on. */
export const openDeleteDesk = ({ env = {}, ...options }: HelpDeskOptions = {}) =>
  openHelpDesk({
    ...options,
    env: { SECURID_CHANGES: 'code,delete', SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env },
  });

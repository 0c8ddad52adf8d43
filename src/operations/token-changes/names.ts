import { z } from 'zod';

/** What is typed behind a serial number. The change is called `token-…`. */
export const TokenChangeName = z.enum(['assign', 'unassign', 'enable', 'disable', 'clear-pin']);
export type TokenChangeName = z.output<typeof TokenChangeName>;

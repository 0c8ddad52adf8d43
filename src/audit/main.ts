import { checkTrail } from './command.ts';

/** `npm run audit:verify`. */
process.exitCode = await checkTrail(process.argv.slice(2));

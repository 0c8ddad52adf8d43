import { build } from '../../support/process.ts';

/** Once for all files: a process must not start from what another file is just building. */
export default build;

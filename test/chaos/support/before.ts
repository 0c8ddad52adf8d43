import { build } from '../../support/process.ts';

/** Built once for all files, so that no process starts from a half-built one. */
export default build;

import { startPlayground } from './start.ts';
import { runTerminal } from './terminal.ts';

const playground = await startPlayground();
await runTerminal(playground, { input: process.stdin, output: process.stdout });
await playground.stop();
// Connections that were kept open for a next command are of no use any more.
process.exit(0);

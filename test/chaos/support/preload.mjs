import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into the bot's process before the bot: its clock may be wrong, and it tells its heap when asked.

const skew = Number(process.env.CHAOS_SKEW ?? 0);
const now = Date.now;
Date.now = () => now() + skew;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
process.on('SIGUSR2', () => {
  gc();
  gc();
  console.log(JSON.stringify({ msg: 'heap', bytes: process.memoryUsage().heapUsed }));
});

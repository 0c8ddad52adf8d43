import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded before the bot: sets its clock wrong, shortens its longer waits, and on request sets the clock back by five
// minutes or reports its heap.

let skew = Number(process.env.CHAOS_SKEW ?? 0);
const now = Date.now;
Date.now = () => now() + skew;
process.on('SIGHUP', () => {
  skew -= 5 * 60_000;
});

const haste = Number(process.env.CHAOS_HASTE ?? 1);
const wait = globalThis.setTimeout;
if (haste > 1) {
  globalThis.setTimeout = (run, ms = 0, ...rest) =>
    wait(run, ms >= 1000 ? ms / haste : ms, ...rest);
}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
process.on('SIGUSR2', () => {
  gc();
  gc();
  console.log(JSON.stringify({ msg: 'heap', bytes: process.memoryUsage().heapUsed }));
});

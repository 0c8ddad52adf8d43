// Loaded before the program: makes its time run so many times faster.

const HASTE = 100;
const now = performance.now.bind(performance);
performance.now = () => now() * HASTE;
const wait = globalThis.setTimeout;
globalThis.setTimeout = (run, ms = 0, ...rest) => wait(run, ms / HASTE, ...rest);

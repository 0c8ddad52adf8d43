import { subscribe } from 'node:diagnostics_channel';
import { stat } from 'node:fs/promises';

/** Published for each step of a request, by Node's servers and by every `fetch`. */
const STEPS = [
  'http.server.request.start',
  'http.server.response.finish',
  'undici:request:create',
  'undici:request:headers',
  'undici:request:trailers',
  'undici:request:error',
];

/** So far, in this worker. */
let steps = 0;
for (const step of STEPS) {
  subscribe(step, () => {
    steps += 1;
  });
}

/** More than any step leads to the next one through. */
const TURNS = 10;

/** A disk may take longer than that. */
const isWriting = () => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));

const servers = new Set<() => Promise<unknown>>();

/** A server in another process, which answers in order. Returns how to leave it out again. */
export function waitFor(answers: () => Promise<unknown>): () => void {
  servers.add(answers);
  return () => servers.delete(answers);
}

/** Whatever is ready has its turn: due timers, what has arrived, the jobs of Node's thread pool. */
export async function turn(): Promise<void> {
  const others = [...servers].map((answers) => answers());
  await Promise.all([new Promise((go) => setTimeout(go, 1)), stat('/'), ...others]);
  await new Promise(setImmediate);
}

/**
 * Resolves when nothing goes on in this process until time passes: no request travels, nothing is signed or
 * written. It counts turns instead of time, so that a slow machine changes nothing.
 */
export async function atRest(): Promise<void> {
  let before: number;
  do {
    before = steps;
    for (let turns = 0; turns < TURNS; turns += 1) await turn();
  } while (steps !== before || isWriting());
}

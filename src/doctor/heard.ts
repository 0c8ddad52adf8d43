import type { Clock } from '../clock.ts';

/** An answer, as far as its time is concerned. */
type Answer = {
  /** How far our clock is ahead of the sender's, in milliseconds; Date has whole seconds. */
  ahead: number | undefined;
  /** How long it took, in milliseconds. */
  took: number;
};

/** Notes the `Date` of each answer, and how long it took. */
export function createListener(send: typeof globalThis.fetch, clock: Clock) {
  const answers: Answer[] = [];
  const fetch: typeof globalThis.fetch = async (...request) => {
    const begun = clock.elapsed();
    const response = await send(...request);
    const took = clock.elapsed() - begun;
    const date = Date.parse(response.headers.get('date') ?? '');
    // Sent about half of the time ago, and cut to the second.
    const sentAt = clock.now() - took / 2 - 500;
    answers.push({ ahead: Number.isNaN(date) ? undefined : sentAt - date, took });
    return response;
  };
  return {
    fetch,
    /** How far our clock is ahead, by the quickest answer. */
    ahead: (): number | undefined =>
      answers.filter(({ ahead }) => ahead !== undefined).sort((a, b) => a.took - b.took)[0]?.ahead,
    /** How long the quickest answer took but for the first, which had to open a connection. */
    warm: (): number => Math.min(...answers.slice(1).map(({ took }) => took)),
  };
}

export type Listener = ReturnType<typeof createListener>;

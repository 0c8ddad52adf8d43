import type { Clock } from '../clock.ts';

/** The times of an answer. */
type Answer = {
  /** How far our clock is ahead of the sender's, in milliseconds; Date has whole seconds. */
  ahead: number | undefined;
  /** How long it took, in milliseconds. */
  took: number;
};

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7; Date.parse reads almost any number as a year. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

function dateIn(headers: Headers): number | undefined {
  const text = headers.get('date') ?? '';
  return (HTTP_DATE.test(text) && Date.parse(text)) || undefined;
}

/** Notes the `Date` of each answer, and how long it took. */
export function createListener(send: typeof globalThis.fetch, clock: Clock) {
  const answers: Answer[] = [];
  const fetch: typeof globalThis.fetch = async (...request) => {
    const begun = clock.elapsed();
    const response = await send(...request);
    const took = clock.elapsed() - begun;
    const date = dateIn(response.headers);
    // It was sent about half of that time ago, and its Date is cut to the second.
    const sentAt = clock.now() - took / 2 - 500;
    answers.push({ ahead: date && sentAt - date, took });
    return response;
  };
  return {
    fetch,
    hasAnswered: (): boolean => answers.length > 0,
    /** How far our clock is ahead, by the quickest answer. */
    ahead: (): number | undefined =>
      answers.filter(({ ahead }) => ahead !== undefined).sort((a, b) => a.took - b.took)[0]?.ahead,
    /** How long the quickest answer took, apart from the first, which had to open a connection. */
    warm: (): number => Math.min(...answers.slice(1).map(({ took }) => took)),
  };
}

export type Listener = ReturnType<typeof createListener>;

import type { Answers, Exchange, Person } from '../../src/playground/workspace/index.ts';

/** What the bot says first where an answer takes more than three seconds. */
const TAKES_LONGER = /This is taking longer than usual/;

/**
 * Somebody who waits for the answer itself, whatever the bot says until then. A bot in a process has a real clock, and
 * a busy machine makes it slow.
 */
export function patientPerson(person: Person): Person {
  return {
    ...person,
    types: async (...typed) => patient(await person.types(...typed)),
    presses: async (...pressed) => patient(await person.presses(...pressed)),
  };
}

function patient(exchange: Exchange): Exchange {
  const answer: Answers['answer'] = async (timeoutMs) => {
    const shown = await exchange.answer(timeoutMs);
    const isNone = shown.kind === 'message' && TAKES_LONGER.test(shown.text);
    return isNone ? answer(timeoutMs) : shown;
  };
  return { ...exchange, answer };
}

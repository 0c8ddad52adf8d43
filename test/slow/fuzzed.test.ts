import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openHelpDesk } from '../support/help-desk.ts';

const PAYLOADS = 1000;
/** Bolt takes three seconds to give up on what it does not know; so many wait at once. */
const AT_ONCE = 250;
const CODE = 'POST /v1/users/deviceRegistrationCode';

type Path = string[];

/** Every place in a payload. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inside]) => placesOf(inside, [...path, key])),
  ];
}

/** The payload with something else, or nothing, in that place. */
function changed(payload: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  // An earlier change took away what this one is inside of.
  if (typeof payload !== 'object' || payload === null) return payload;
  if (!Object.hasOwn(payload, key)) return payload;
  const copy = structuredClone(payload) as Record<string, unknown>;
  const inside = changed(copy[key], rest, other);
  if (inside === undefined) delete copy[key];
  else copy[key] = inside;
  return copy;
}

it(`survives ${PAYLOADS} fuzzed interactions, and issues no code`, async () => {
  const { agent, workspace, tenant, screen, clock, close } = await openHelpDesk();
  const card = await agent.asks('/securid code alan@acme.test ios');
  agent.fills(card, 'Reason', 'New telephone');
  const [, sealed] = JSON.stringify(card.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];
  await (await agent.presses(card, 'Cancel')).answer();
  const body = new URLSearchParams(workspace.lastRequest()?.body);
  const payload = JSON.parse(body.get('payload') ?? '');
  // A press of Issue code as it would be, but for a value that was sealed for something else.
  Object.assign(payload.actions[0], {
    action_id: 'registration-code:issue',
    value: `${sealed?.slice(0, -4)}AAAA`,
  });

  // A body that is no object at all breaks Bolt 5.1 itself; main.ts lives through that.
  const places = placesOf(payload).filter((path) => path.length > 0);
  const fuzzed = fc.array(
    fc.tuple(fc.constantFrom(...places), fc.oneof(fc.jsonValue(), fc.constant(undefined))),
    { minLength: 1, maxLength: 4 },
  );
  const seed = Number(process.env.SEED ?? 1);
  console.log(`seed ${seed}; another: SEED=2 npm run test:slow`);
  const changes = fc.sample(fuzzed, { numRuns: PAYLOADS, seed });
  for (let start = 0; start < changes.length; start += AT_ONCE) {
    const sent = changes.slice(start, start + AT_ONCE).map((all, index) => {
      const fresh = { ...payload, trigger_id: `fuzzed ${start + index}` };
      const form = all.reduce<unknown>((one, [path, other]) => changed(one, path, other), fresh);
      return workspace
        .send({ form: { payload: JSON.stringify(form) } })
        .catch(() => 'not acknowledged');
    });
    await Promise.all(sent);
  }

  expect(tenant.calls()).not.toContain(CODE);
  expect(tenant.issuedCodes).toEqual([]);
  expect(screen(await agent.asks('/securid help'))).toContain('What you can do');

  // What still tries to answer at an address that is none waits by this clock.
  const closed = close();
  clock.advance(60_000);
  await closed;
});

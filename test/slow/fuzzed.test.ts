import fc from 'fast-check';
import { expect, it } from 'vitest';
import { APPROVALS, MIRA } from '../../src/playground/company.ts';
import { atRest } from '../support/at-rest.ts';
import { type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { fillIn, verify } from '../support/verification.ts';

const PAYLOADS = 1000;
/** Bolt waits three seconds before it gives up on unknown requests, so many are sent at once. */
const AT_ONCE = 250;
const CODE = 'POST /v1/users/deviceRegistrationCode';

type Path = string[];

/** Every path in a payload. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inside]) => placesOf(inside, [...path, key])),
  ];
}

/** The payload with the value at that path replaced or removed. */
function changed(payload: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  // An earlier change removed what contains this one.
  if (typeof payload !== 'object' || payload === null) return payload;
  if (!Object.hasOwn(payload, key)) return payload;
  const copy = structuredClone(payload) as Record<string, unknown>;
  const inside = changed(copy[key], rest, other);
  if (inside === undefined) delete copy[key];
  else copy[key] = inside;
  return copy;
}

/** Slack's requests for the buttons and the form on the way to a code. None of them may issue one. */
async function payloads({ agent, workspace }: HelpDesk): Promise<object[]> {
  const last = () => {
    const body = new URLSearchParams(workspace.lastRequest()?.body);
    return JSON.parse(body.get('payload') ?? '');
  };
  // Breaks the seal, so that even unchanged parts open nothing.
  const broken = (sealed: string) => `${sealed.slice(0, -4)}AAAA`;

  const card = await agent.asks('/securid code alan@acme.test ios');
  const { form } = await fillIn(agent, card, { reason: '  ' });
  const press = last();
  press.actions[0].value = broken(press.actions[0].value);
  await agent.submits(form);
  const submission = last();
  submission.view.private_metadata = broken(submission.view.private_metadata);
  submission.view.state.values.reason.reason.value = 'New telephone';
  agent.closes(form);

  await (await verify(agent, await agent.asks('/securid code noor@acme.test ios'))).answer();
  const request = workspace.messages.find(({ channel }) => channel === APPROVALS) as Message;
  await agent.clicks(request, 'Approve');
  return [press, submission, last()];
}

it(`survives ${PAYLOADS} fuzzed interactions, and issues no code`, async () => {
  const desk = await openHelpDesk({
    env: {
      SECURID_PROTECTED: 'noor@acme.test',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
      SECURID_APPROVERS: MIRA,
    },
  });
  const { agent, workspace, tenant, screen, clock, close } = desk;
  const bases = await payloads(desk);

  // A body that is not an object crashes Bolt 5.1 itself; main.ts survives that.
  const fuzzed = fc.constantFrom(...bases).chain((base) => {
    const places = placesOf(base).filter((path) => path.length > 0);
    const change = fc.tuple(
      fc.constantFrom(...places),
      fc.oneof(fc.jsonValue(), fc.constant(undefined)),
    );
    return fc.tuple(fc.constant(base), fc.array(change, { minLength: 1, maxLength: 4 }));
  });
  const seed = Number(process.env.SEED ?? 1);
  console.log(`seed ${seed}; another: SEED=2 npm run test:slow`);
  const samples = fc.sample(fuzzed, { numRuns: PAYLOADS, seed });
  for (let start = 0; start < samples.length; start += AT_ONCE) {
    const sent = samples.slice(start, start + AT_ONCE).map(([base, changes], index) => {
      const fresh = { ...base, trigger_id: `fuzzed ${start + index}` };
      const form = changes.reduce<unknown>(
        (one, [path, other]) => changed(one, path, other),
        fresh,
      );
      return workspace
        .send({ form: { payload: JSON.stringify(form) } })
        .catch(() => 'not acknowledged');
    });
    await atRest();
    // Slack no longer waits for the others.
    clock.advance(3000);
    await Promise.all(sent);
  }

  expect(tenant.calls()).not.toContain(CODE);
  expect(tenant.issuedCodes).toEqual([]);
  expect(screen(await agent.asks('/securid help'))).toContain('What you can do');

  // Retries to invalid addresses wait for this clock.
  const closed = close();
  clock.advance(60_000);
  await closed;
});

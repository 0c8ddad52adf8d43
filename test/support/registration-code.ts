import { readFileSync } from 'node:fs';
import { readRow } from '../../src/audit/row.ts';
import { eventually, type HelpDesk, type Message } from './help-desk.ts';
import { type Recorded, verify } from './verification.ts';

export const LOOKUP = 'POST /v1/users/lookup';
export const DEVICES = 'GET /v2/users/{id}/devices';
export const ISSUE = 'POST /v1/users/deviceRegistrationCode';
export const MINUTE = 60_000;

/** Asks for a code for Alan, who has no device. */
export const cardFor = ({ agent }: HelpDesk, typed = '/securid code alan@acme.test ios') =>
  agent.asks(typed);

/** Records a verification, submits it, and waits for the answer. */
export async function issue({ agent }: HelpDesk, card: Message, recorded?: Recorded) {
  const press = await verify(agent, card, recorded);
  const asking = await press.answer();
  if (asking !== card) throw new Error(`the card was not replaced: ${(asking as Message).text}`);
  await press.answer();
  return press;
}

/** Asks for a code that SecurID holds back until it is released. */
export async function holdCode(desk: HelpDesk) {
  const card = await cardFor(desk);
  const hold = desk.tenant.hold(ISSUE);
  const press = await verify(desk.agent, card);
  await press.answer();
  await hold.arrived();
  return { card, press, hold };
}

/** Issues a code and shows it. Returns the code, too. */
export async function showCode(desk: HelpDesk, typed?: string) {
  const message = await cardFor(desk, typed);
  const press = await issue(desk, message);
  const code = desk.tenant.issuedCodes.at(-1)?.code ?? 'no code was issued';
  return { message, press, code };
}

/** SecurID refuses the next code, although the earlier look-up showed no reason. */
export const refuseWith = ({ tenant }: HelpDesk, message: string) =>
  tenant.answerNext({ status: 403, body: { status: 403, error: 'Forbidden', message } }, 1, ISSUE);

/** SecurID's next code lives that long, in milliseconds. */
export const answerWithCodeFor = ({ tenant, clock }: HelpDesk, ms: number) =>
  tenant.answerNext(
    {
      status: 200,
      body: {
        deviceRegistrationCode: '123456789',
        expirationDate: new Date(clock.now() + ms).toISOString(),
      },
    },
    1,
    ISSUE,
  );

export const codesAskedFor = ({ tenant }: HelpDesk) =>
  tenant.requests.filter(({ route }) => route === ISSUE);

/** How codes ended, by the audit trail. */
export const events = ({ auditFile }: HelpDesk) =>
  readFileSync(auditFile, 'utf8')
    .split('\n')
    .flatMap((line) => readRow(line)?.event ?? []);

/** What was posted to response URLs. */
export const posts = ({ workspace }: HelpDesk): Record<string, unknown>[] =>
  workspace.bodies
    .filter((body) => body.startsWith('{'))
    .map((body) => JSON.parse(body))
    .filter((body) => 'response_type' in body);

/** Resolves once a request with these words has reached Slack, whatever the answer. */
export const arrived = ({ workspace }: HelpDesk, words: string) =>
  eventually(() => workspace.bodies.at(-1)?.includes(words) ?? false);

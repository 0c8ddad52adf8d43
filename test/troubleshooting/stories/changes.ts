import * as company from '../../../src/playground/company.ts';
import { openHelpDesk } from '../../support/help-desk.ts';
import { verify } from '../../support/verification.ts';
import { heard, type Stories } from '../support/stories.ts';

const CODE = 'POST /v1/users/deviceRegistrationCode';

/** The whole way of a change, with this answer of SecurID's. */
async function refused(
  fault: { status: number; body?: object },
  { command = '/securid code alan@acme.test ios', route = CODE } = {},
): Promise<string> {
  const desk = await openHelpDesk({ env: { SECURID_CHANGES: 'code,emergency' } });
  desk.tenant.answerNext(fault, 1, route);
  const press = await verify(desk.agent, await desk.agent.asks(command));
  await press.answer();
  return heard(desk, await press.answer());
}

const EMERGENCY = {
  command: '/securid emergency alan@acme.test',
  route: 'PUT /v2/users/{id}/emergencyTokencode',
};

const ELSEWHERE = 'somebody@elsewhere.test';

/** A code for Alan, while people have these addresses in Slack. */
async function withAddresses(emails: Record<string, string>, env: Record<string, string> = {}) {
  const desk = await openHelpDesk({ env });
  for (const person of desk.workspace.people)
    person.email = emails[person.id] ?? person.email ?? '';
  return heard(desk, await desk.agent.asks('/securid code alan@acme.test ios'));
}

/** Changes are refused. */
export const changes: Stories = {
  'a-change-is-not-switched-on': {
    async 'SECURID_CHANGES does not name it'() {
      const desk = await openHelpDesk();
      return heard(desk, await desk.agent.asks('/securid unlock grace@acme.test'));
    },
  },

  'nobody-matches-in-slack-or-securid': {
    'no Slack profile has the address of the user': () =>
      withAddresses(
        { [company.ALAN]: ELSEWHERE },
        { SECURID_PROTECTED: company.IT_MANAGERS_GROUP },
      ),
    'no SecurID record has the address of the agent': () =>
      withAddresses({ [company.ALAN]: ELSEWHERE, [company.JONAS]: ELSEWHERE }),
    'the agent has no address in Slack': () => withAddresses({ [company.JONAS]: '' }),
  },

  'the-account-is-protected': {
    async 'there is no channel for approvals'() {
      const desk = await openHelpDesk({ env: { SECURID_PROTECTED: 'alan@acme.test' } });
      return heard(desk, await desk.agent.asks('/securid code alan@acme.test ios'));
    },
  },

  'securid-does-not-take-the-request': {
    'it answers 400': () =>
      refused({ status: 400, body: { description: 'Wrong number of properties.' } }),
    'it answers 415': () => refused({ status: 415 }),
  },

  'the-company-has-no-license-for-it': {
    'a registration code': () =>
      refused({ status: 403, body: { description: 'The company is not licensed' } }),
    'an emergency code': () =>
      refused({ status: 403, body: { description: 'The company is not licensed' } }, EMERGENCY),
  },

  'an-emergency-code-would-live-too-long': {
    async 'the tenant allows fewer hours'() {
      const desk = await openHelpDesk({
        env: { SECURID_CHANGES: 'emergency', SECURID_EMERGENCY_HOURS: '168' },
        traits: { emergency: { longest: 60, again: 'replaced', endAnswer: 'nothing' } },
      });
      const card = await desk.agent.asks('/securid emergency alan@acme.test');
      const press = await verify(desk.agent, card);
      await press.answer();
      return heard(desk, await press.answer());
    },
  },
};

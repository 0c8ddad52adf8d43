import * as company from '../../../src/playground/company.ts';
import { eventually, openHelpDesk } from '../../support/help-desk.ts';
import { letTimePass } from '../../support/passing-time.ts';
import { heard, type Stories, says } from '../support/stories.ts';

const HOUR = 60 * 60_000;

/** A minute before the summary is due. */
const BEFORE = {
  now: '2026-04-01T08:59:00Z',
  env: { SECURID_LICENSE_CHANNEL: company.SECURITY },
};

/** The license summary does not come. */
export const license: Stories = {
  'the-license-summary-was-not-posted': {
    async 'Slack did not accept the message'() {
      const desk = await openHelpDesk(BEFORE);
      desk.workspace.failNext('chat.postMessage', { status: 503 });
      desk.clock.advance(60_000);
      await says(desk, 'will try again in ten minutes');
      return heard(desk);
    },
    async 'it is unknown whether Slack accepted the message'() {
      const desk = await openHelpDesk(BEFORE);
      desk.workspace.failNext('chat.postMessage', { status: 500 });
      desk.clock.advance(60_000);
      await says(desk, 'unknown whether Slack accepted');
      return heard(desk);
    },
    async 'SecurID did not give the figures'() {
      const desk = await openHelpDesk(BEFORE);
      desk.tenant.setAlways({ status: 503 });
      desk.clock.advance(60_000);
      await says(desk, 'will try again in ten minutes');
      desk.clock.advance(6 * HOUR);
      await letTimePass(desk.clock, says(desk, 'gave up this time'));
      await eventually(() => desk.workspace.messages.length > 0);
      return heard(desk, ...desk.workspace.messages);
    },
  },
};

import * as company from '../../../src/playground/company.ts';
import { eventually, openHelpDesk } from '../../support/help-desk.ts';
import { letTimePass } from '../../support/passing-time.ts';
import { heard, type Stories } from '../support/stories.ts';

const HOUR = 60 * 60_000;

/** The license summary does not come. */
export const license: Stories = {
  'the-license-summary-was-not-posted': {
    async 'SecurID is away for six hours'() {
      const desk = await openHelpDesk({
        now: '2026-04-01T08:59:00Z',
        env: { SECURID_LICENSE_CHANNEL: company.SECURITY },
      });
      desk.tenant.setAlways({ status: 503 });
      const said = (words: string) => desk.printed.join('').includes(words);
      desk.clock.advance(60_000);
      await eventually(() => said('will try again in ten minutes'));
      desk.clock.advance(6 * HOUR);
      await letTimePass(
        desk.clock,
        eventually(() => said('gave up for this time')),
      );
      await eventually(() => desk.workspace.messages.length > 0);
      return heard(desk, ...desk.workspace.messages);
    },
  },
};

import { join } from 'node:path';
import { APP_TOKEN, openHelpDesk } from '../../support/help-desk.ts';
import { run, standIns } from '../../support/process.ts';
import { ROOT } from '../../support/sources.ts';
import { heard, printedText, type Stories } from '../support/stories.ts';

/** Nothing comes from Slack. */
export const connecting: Stories = {
  'slack-gives-no-socket': {
    async 'the app token stays refused'() {
      const { env } = await standIns();
      const bot = run({
        ...env,
        SLACK_SIGNING_SECRET: '',
        SLACK_APP_TOKEN: APP_TOKEN,
        NODE_OPTIONS: `--import ${join(ROOT, 'test/support/hurried.mjs')}`,
      });
      await bot.ended();
      return printedText(bot.printed());
    },
  },

  'slack-cannot-be-reached': {
    async 'a firewall or a proxy stands between'() {
      const desk = await openHelpDesk();
      desk.workspace.setAlways((where) => (where === 'response_url' ? undefined : { status: 503 }));
      const user = await desk.agent.asks('/securid user <@U0GRACE>');
      return heard(desk, user);
    },
    async 'there is no way to it at the start'() {
      const { env } = await standIns();
      const bot = run({ ...env, SLACK_API_URL: 'http://127.0.0.1:1/api/' });
      await bot.says('Slack did not confirm');
      return printedText(bot.printed());
    },
  },
};

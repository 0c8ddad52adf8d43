import { join } from 'node:path';
import { APP_TOKEN } from '../../support/help-desk.ts';
import { run, standIns } from '../../support/process.ts';
import { ROOT } from '../../support/sources.ts';
import { printedText, type Stories } from '../support/stories.ts';

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
};

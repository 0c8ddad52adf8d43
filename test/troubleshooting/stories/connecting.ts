import { join } from 'node:path';
import * as company from '../../../src/playground/company.ts';
import { APP_TOKEN, eventually, type HelpDesk, openHelpDesk } from '../../support/help-desk.ts';
import { fastBy, run, standIns } from '../../support/process.ts';
import { ROOT } from '../../support/sources.ts';
import { heard, printedText, type Stories } from '../support/stories.ts';

const ASK = '/securid user grace@acme.test';

const TEN_MINUTES = 600_000;

/** What is said after a command that the bot does not take. */
async function afterNoAnswer(desk: HelpDesk): Promise<string> {
  await desk.agent.types(ASK);
  return heard(desk, ...desk.workspace.messages);
}

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

  'requests-are-signed-with-another-secret': {
    async "it is another app's"() {
      const env = { SLACK_SIGNING_SECRET: 'f'.repeat(32) };
      return afterNoAnswer(await openHelpDesk({ env }));
    },
  },

  'requests-arrive-too-late': {
    async 'the clock is ten minutes fast'() {
      const { workspace, env } = await standIns();
      const bot = run({ ...env, ...fastBy(TEN_MINUTES) });
      workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
      await workspace.person(company.JONAS).types(ASK);
      await bot.says('is stale');
      return printedText(bot.printed());
    },
  },

  'requests-come-to-another-path': {
    'the Request URL has another path': async () =>
      afterNoAnswer(await openHelpDesk({ env: { SLACK_PATH: '/securid' } })),
  },

  'slack-says-dispatch_failed': {
    async 'the app does not run'() {
      const desk = await openHelpDesk();
      await desk.app.stop();
      await desk.agent.types(ASK);
      return desk.workspace.messages.map(desk.screen).join('\n');
    },
  },

  'slack-did-not-recognize-that-name': {
    async 'should_escape is off'() {
      const desk = await openHelpDesk();
      await desk.agent.asks('/securid help');
      const { body } = desk.workspace.lastRequest() ?? {};
      const form = Object.fromEntries(new URLSearchParams(body));
      const seen = desk.workspace.messages.length;
      // In place of the id: a name that only Slack's own page knows.
      await desk.workspace.send({ form: { ...form, text: 'user @grace', trigger_id: 'another' } });
      await eventually(() => desk.workspace.messages.length > seen);
      return desk.workspace.messages.map(desk.screen).join('\n');
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
      await bot.says('Slack did not confirm the bot token');
      return printedText(bot.printed());
    },
  },
};

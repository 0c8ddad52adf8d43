import * as company from '../../../src/playground/company.ts';
import type { Workspace } from '../../../src/playground/workspace/index.ts';
import { freePort } from '../../support/free-port.ts';
import { APP_TOKEN, type HelpDesk, modal, openHelpDesk } from '../../support/help-desk.ts';
import { fastBy, preloading, run, standIns } from '../../support/process.ts';
import { putInFront, rewriteInFront } from '../support/in-front.ts';
import { silentPort } from '../support/silent.ts';
import { heard, printedText, type Stories, says } from '../support/stories.ts';

const ASK = '/securid user grace@acme.test';
const CODE = '/securid code alan@acme.test ios';

const TEN_MINUTES = 600_000;

const PAGE = '<!doctype html><title>Sign in</title>';

/** Makes the time of a process run fast. */
const HURRIED = preloading('test/support/hurried.mjs');

/** From now on Slack gives no socket. */
const refuseSockets = ({ setAlways, dropSockets }: Workspace, error: string) => {
  setAlways((where) =>
    where === 'apps.connections.open'
      ? { status: 200, body: JSON.stringify({ ok: false, error }) }
      : undefined,
  );
  dropSockets();
};

/** What is said after a command that the bot does not take. */
async function afterNoAnswer(desk: HelpDesk): Promise<string> {
  await desk.agent.types(ASK);
  return heard(desk, ...desk.workspace.messages);
}

/** What is said at a button that the bot does not take. */
async function afterNoPress(desk: HelpDesk, spoil: () => void): Promise<string> {
  const card = await desk.agent.asks(CODE);
  spoil();
  const { warning } = await desk.agent.presses(card, 'Verify and issue');
  return `${warning}\n${await heard(desk)}`;
}

/** What a process says that looks for Slack's Web API there. */
async function startedAt(port: number): Promise<string> {
  const { env } = await standIns();
  const bot = run({ ...env, SLACK_API_URL: `http://127.0.0.1:${port}/api/` });
  await bot.says('Slack did not confirm the bot token');
  return printedText(bot.printed());
}

/** Nothing comes from Slack. */
export const connecting: Stories = {
  'slack-gives-no-socket': {
    async 'the app token is not valid'() {
      const { env } = await standIns();
      const { SLACK_SIGNING_SECRET: _, ...others } = env;
      const bot = run({ ...others, SLACK_APP_TOKEN: APP_TOKEN, ...HURRIED });
      await bot.ended();
      return printedText(bot.printed());
    },
    async 'the app token was revoked while the app ran'() {
      const { env, workspace } = await standIns({ appToken: APP_TOKEN });
      const { SLACK_SIGNING_SECRET: _, ...others } = env;
      const bot = run({ ...others, SLACK_APP_TOKEN: APP_TOKEN, ...HURRIED });
      await bot.says('ready');
      refuseSockets(workspace, 'token_revoked');
      await bot.ended();
      return printedText(bot.printed());
    },
    async 'the app token lacks the scope'() {
      const desk = await openHelpDesk({ mode: 'socket' });
      refuseSockets(desk.workspace, 'missing_scope');
      await says(desk, 'Slack gave no socket');
      return heard(desk);
    },
    async 'the network lets nothing through'() {
      const desk = await openHelpDesk({ mode: 'socket' });
      await desk.workspace.goAway();
      await says(desk, 'Slack gave no socket');
      return heard(desk);
    },
  },

  'requests-are-signed-with-another-secret': {
    "the secret is another app's, or an old one": async () =>
      afterNoAnswer(await openHelpDesk({ env: { SLACK_SIGNING_SECRET: 'f'.repeat(32) } })),
    async 'something in between changes the body'() {
      const desk = await openHelpDesk();
      await rewriteInFront(desk);
      return afterNoAnswer(desk);
    },
    async 'somebody who is not Slack sent it'() {
      const desk = await openHelpDesk();
      await desk.workspace.send({ form: { command: '/securid' }, signature: 'forged' });
      return heard(desk);
    },
  },

  'requests-arrive-too-late': {
    async 'the clock of this server is fast'() {
      const { workspace, env } = await standIns();
      const bot = run({ ...env, ...fastBy(TEN_MINUTES) });
      workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
      await workspace.person(company.JONAS).types(ASK);
      await bot.says('is stale');
      return printedText(bot.printed());
    },
    async 'somebody replays an old request'() {
      const desk = await openHelpDesk();
      const timestamp = Math.floor((Date.now() - TEN_MINUTES) / 1000);
      await desk.workspace.send({ form: { command: '/securid' }, timestamp });
      return heard(desk);
    },
  },

  'requests-come-to-another-path': {
    'the Request URL of the slash command has another path': async () =>
      afterNoAnswer(await openHelpDesk({ env: { SLACK_PATH: '/securid' } })),
    async 'the Request URL of Interactivity has another path'() {
      const desk = await openHelpDesk();
      return afterNoPress(desk, () => {
        const url = `http://127.0.0.1:${desk.port}/slack/interactive`;
        desk.workspace.settings.interactivity.url = url;
      });
    },
    async 'a scanner tries paths'() {
      const desk = await openHelpDesk();
      await fetch(`http://127.0.0.1:${desk.port}/wp-login.php`, { method: 'POST' });
      return heard(desk);
    },
  },

  'slack-says-dispatch_failed': {
    async 'the app does not run'() {
      const desk = await openHelpDesk();
      await desk.app.stop();
      await desk.agent.types(ASK);
      return desk.workspace.messages.map(desk.screen).join('\n');
    },
    async 'the Request URL of the slash command has another host'() {
      const desk = await openHelpDesk();
      desk.workspace.settings.slashCommand.url = `http://127.0.0.1:${await freePort()}/slack/events`;
      return afterNoAnswer(desk);
    },
    async 'the proxy in front passes nothing on'() {
      const desk = await openHelpDesk();
      await putInFront(desk, () => desk.clock.advance(3000));
      return afterNoAnswer(desk);
    },
    async 'the proxy in front answers with a page of its own'() {
      const desk = await openHelpDesk();
      await putInFront(desk, (_, response) => response.writeHead(502).end(PAGE));
      return afterNoAnswer(desk);
    },
    async 'there is no socket, in Socket Mode'() {
      const desk = await openHelpDesk({ mode: 'socket', patience: { socketPatience: 50 } });
      refuseSockets(desk.workspace, 'internal_error');
      return afterNoAnswer(desk);
    },
    async 'Interactivity is off'() {
      const desk = await openHelpDesk();
      const form = modal(await (await desk.agent.types('/securid')).answer());
      const said = await afterNoPress(desk, () => {
        desk.workspace.settings.interactivity.isEnabled = false;
      });
      return `${said}\n${(await desk.agent.submits(form)).warning}`;
    },
    async 'the Request URL of Interactivity is not the one of the app'() {
      const desk = await openHelpDesk();
      return afterNoPress(desk, () => {
        desk.workspace.settings.interactivity.url = `${desk.workspace.url}/slack/events`;
      });
    },
  },

  'slack-did-not-recognize-that-name': {
    async 'the agent typed a name without picking a person'() {
      const desk = await openHelpDesk();
      return desk.screen(await desk.agent.asks('/securid user @nobody.of.that.name'));
    },
    async 'the slash command does not escape names'() {
      const desk = await openHelpDesk();
      desk.workspace.settings.slashCommand.shouldEscape = false;
      return desk.screen(await desk.agent.asks('/securid user <@U0GRACE>'));
    },
  },

  'slack-cannot-be-reached': {
    async 'something other than Slack answers'() {
      const desk = await openHelpDesk();
      const headers = { 'content-type': 'text/html' };
      desk.workspace.setAlways((where) =>
        where === 'response_url' ? undefined : { status: 503, headers, body: PAGE },
      );
      await desk.app.check();
      return heard(desk, await desk.agent.asks('/securid user <@U0GRACE>'));
    },
    async 'its name is not known'() {
      const desk = await openHelpDesk({ env: { SLACK_API_URL: 'https://slack.invalid/api/' } });
      await desk.app.check();
      return heard(desk);
    },
    'nothing listens there': async () => startedAt(await freePort()),
    'a firewall drops the connection': async () => startedAt(await silentPort()),
  },
};

import { App } from '@slack/bolt';

/** Bolt's first example: an acknowledgement and an answer. */
const { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL, PORT } = process.env;

const app = new App({
  token: SLACK_BOT_TOKEN,
  signingSecret: SLACK_SIGNING_SECRET,
  clientOptions: { slackApiUrl: SLACK_API_URL },
});

app.command('/securid', async ({ ack, respond }) => {
  await ack();
  await respond('Hello world');
});

await app.start(Number(PORT));

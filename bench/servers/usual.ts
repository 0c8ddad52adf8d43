import { App } from '@slack/bolt';
import Bottleneck from 'bottleneck';
import { ofetch } from 'ofetch';

/** The usual way to write it: Bolt, ofetch, and a Bottleneck that spaces requests. */
const env = process.env;

const app = new App({
  token: env.SLACK_BOT_TOKEN,
  signingSecret: env.SLACK_SIGNING_SECRET,
  clientOptions: { slackApiUrl: env.SLACK_API_URL },
});
const limiter = new Bottleneck({ minTime: 1000 / Number(env.PER_SECOND) });
const tenant = ofetch.create({
  baseURL: env.ADMIN_API,
  headers: { authorization: `Bearer ${env.BEARER}` },
});

type User = { id: string };
type Token = { tokenState: string };
type Authenticators = { devices: { name: string }[] };

const lookUp = (email = '') =>
  limiter.schedule(() => tenant<User>('/v1/users/lookup', { method: 'POST', body: { email } }));

const findToken = (tokenSerialNumber = '') =>
  limiter.schedule(() =>
    tenant<Token>('/v1/sidTokens/lookup', { method: 'POST', body: { tokenSerialNumber } }),
  );

const devicesOf = ({ id }: User) =>
  limiter.schedule(() => tenant<Authenticators>(`/v2/users/${id}/devices?includeBrowsers=false`));

app.command('/securid', async ({ ack, respond, command }) => {
  await ack();
  const [what, key] = command.text.split(' ');
  try {
    if (what === 'token') {
      const { tokenState } = await findToken(key);
      await respond(`${key} is ${tokenState}`);
      return;
    }
    const { devices } = await devicesOf(await lookUp(key));
    await respond(devices.map(({ name }) => name).join('\n') || 'none');
  } catch (error) {
    await respond(`Incident: ${error}`);
  }
});

await app.start(Number(env.PORT));

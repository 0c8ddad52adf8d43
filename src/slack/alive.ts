import type { webApi } from '@slack/bolt';

/** Whether Slack accepts the bot token. Throws if Slack does not answer. */
export async function isAlive(client: webApi.WebClient): Promise<boolean> {
  const { ok } = await client.auth.test();
  return ok;
}

import type { webApi } from '@slack/bolt';

/** Whether Slack takes the bot token now; throws when it does not say so. */
export async function isAlive(client: webApi.WebClient): Promise<boolean> {
  const { ok } = await client.auth.test();
  return ok;
}

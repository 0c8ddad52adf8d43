import { createHmac } from 'node:crypto';

export const SIGNING_SECRET = 'c0ffee00c0ffee00c0ffee00c0ffee00';

export type Command = { text: string; user?: string; responseUrl: string };

export type SignedCommand = { body: string; headers: Record<string, string> };

/** The default asker. */
export const AGENT = 'U0JONAS';
/** Another agent. */
export const COLLEAGUE = 'U0NORA';

/** Makes slash commands as Slack sends them, each one different. */
export function createCommands() {
  let made = 0;

  return ({ text, user = AGENT, responseUrl }: Command): SignedCommand => {
    made += 1;
    const body = new URLSearchParams({
      token: 'verification-token',
      team_id: 'T0ACME',
      team_domain: 'acme',
      channel_id: 'C0HELPDESK',
      channel_name: 'help-desk',
      user_id: user,
      user_name: user.slice(2).toLowerCase(),
      command: '/securid',
      text,
      api_app_id: 'A0BENCH',
      is_enterprise_install: 'false',
      response_url: responseUrl,
      trigger_id: `${13_345_224_609 + made}.738474920.${made.toString(16).padStart(32, '0')}`,
    }).toString();
    const at = String(Math.floor(Date.now() / 1000));
    const digest = createHmac('sha256', SIGNING_SECRET).update(`v0:${at}:${body}`).digest('hex');
    return {
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${digest}`,
      },
    };
  };
}

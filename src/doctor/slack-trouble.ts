import { webApi } from '@slack/bolt';
import { z } from 'zod';
import { causeOf } from '../http/cause.ts';
import { troubleOf } from '../slack/trouble.ts';
import { type Finding, failed, warning } from './finding.ts';
import { causeIn, onTheWay, remedyFor } from './network.ts';

/** Why Slack did not do what was asked, in a line. */
export function inSlack(name: string, error: unknown, host: string): Finding {
  const network = onTheWay(name, error);
  if (network) return network;
  if (error instanceof webApi.WebAPIPlatformError) return refused(name, error, host);
  if (error instanceof webApi.WebAPIRateLimitedError) {
    const again = `Run the doctor again in ${error.retryAfter} s.`;
    return warning(name, 'Slack is busy, and was not asked', { remedy: again });
  }
  if (error instanceof webApi.WebAPIHTTPError) {
    return failed(name, `${host} answered with status ${error.statusCode}`, {
      remedy: 'If that is a proxy’s or a firewall’s answer, let this machine reach Slack.',
      symptom: 'slack-cannot-be-reached',
    });
  }
  if (error instanceof SyntaxError || error instanceof z.ZodError) return strange(name, host);
  const cause = error instanceof webApi.WebAPIRequestError ? error.original : error;
  const { code } = causeOf(cause);
  return failed(name, `no answer from ${host} (${causeIn(code)})`, {
    remedy: remedyFor(code, host),
    symptom: 'slack-cannot-be-reached',
  });
}

/** Slack's errors are words such as `invalid_auth`. */
export const isWord = (code: unknown) =>
  /^[a-z][a-z\d_.]*$/.test(String(code)) && code !== undefined;

function refused(name: string, error: webApi.WebAPIPlatformError, host: string): Finding {
  if (!isWord(error.data.error)) return strange(name, host);
  const trouble = troubleOf(error);
  if (trouble?.kind === 'token') {
    return failed(name, `Slack does not accept it (${trouble.code})`, {
      remedy: 'Install the app again and put the new bot token into SLACK_BOT_TOKEN.',
      symptom: 'slack-does-not-accept-the-bot-token',
    });
  }
  if (trouble?.kind === 'scope') {
    return failed(name, `needs the scope ${trouble.scopes.join(', ')}`, {
      remedy: 'Add it under OAuth & Permissions and install the app again.',
      symptom: 'the-bot-token-lacks-a-scope',
    });
  }
  return failed(name, `Slack refuses: ${error.data.error}`, {
    remedy: 'Look the word up at https://docs.slack.dev/reference/methods',
  });
}

const strange = (name: string, host: string): Finding =>
  failed(name, `${host} did not answer as Slack does`, {
    remedy: 'Check SLACK_API_URL. A proxy or a sign-in page may be in between.',
    symptom: 'slack-cannot-be-reached',
  });

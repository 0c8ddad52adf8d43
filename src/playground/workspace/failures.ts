import type { Acknowledgement } from './types.ts';

type Warned = { warning?: string };

/** What a person reads if the app does not take a command: https://github.com/slackapi/bolt-python/issues/951 */
export const commandFailure = (command: string, { error }: Acknowledgement): string =>
  `${command} failed with the error "${error}"`;

/**
 * The text of the warning sign beside a button that the app does not take. Slack documents none of them:
 * https://github.com/slackapi/node-slack-sdk/issues/869
 */
export function buttonWarning({ ok, error, status }: Acknowledgement): Warned {
  if (ok) return {};
  if (error === 'not_configured') {
    return { warning: 'This app is not configured to handle interactive responses.' };
  }
  // https://docs.nautobot.com/projects/chatops/en/ltm-1.6/user/app_faq/
  if (status > 0) return { warning: `This app responded with Status Code ${status}` };
  if (error === 'operation_timeout') {
    // https://github.com/slackapi/node-slack-sdk/issues/2095
    return { warning: 'Operation timed out. Apps need to respond within 3 seconds.' };
  }
  // What it says then is not known.
  return { warning: '⚠️' };
}

/** The same text whatever happened: https://github.com/slackapi/bolt-js/issues/758 */
export const formWarning = ({ ok }: Acknowledgement): Warned =>
  ok ? {} : { warning: 'We had some trouble connecting. Try again?' };

import { webApi } from '@slack/bolt';

/** Whether Slack answered with one of these error codes. */
export const isPlatformError = (
  error: unknown,
  ...codes: string[]
): error is webApi.WebAPIPlatformError =>
  error instanceof webApi.WebAPIPlatformError && codes.includes(error.data.error);

/** Whether a call to Slack's Web API failed. */
export const isSlackFailure = (error: unknown) => error instanceof webApi.SlackError;

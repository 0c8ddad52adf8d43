import { webApi } from '@slack/bolt';

/** True when Slack itself answered with one of these error codes. */
export const isPlatformError = (
  error: unknown,
  ...codes: string[]
): error is webApi.WebAPIPlatformError =>
  error instanceof webApi.WebAPIPlatformError && codes.includes(error.data.error);

/** True when Slack's Web API did not do what it was asked. */
export const isSlackFailure = (error: unknown) => error instanceof webApi.SlackError;

import { webApi } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { type Delivery, deliveryOf } from '../../src/slack/delivery.ts';

const platform = (error: string) => new webApi.WebAPIPlatformError({ ok: false, error });
const http = (status: number) => new webApi.WebAPIHTTPError(status, '', {});
const request = (code?: string) =>
  new webApi.WebAPIRequestError(
    new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) }),
  );

describe('the delivery of a message', () => {
  it.each<[string, Error, Delivery]>([
    ['in a channel without the bot', platform('not_in_channel'), 'not invited'],
    ['in a channel that is not there', platform('channel_not_found'), 'not invited'],
    ['that Slack found too much', new webApi.WebAPIRateLimitedError(30), 'refused'],
    ['whose token is no longer good', platform('token_revoked'), 'refused'],
    ['during which Slack failed', platform('internal_error'), 'unknown'],
    ['at which Slack was not available', http(503), 'refused'],
    ['that a gateway waited for', http(504), 'unknown'],
    ['without a connection', request('ECONNREFUSED'), 'refused'],
    ['whose connection broke', request('ECONNRESET'), 'unknown'],
    ['that took too long', new webApi.WebAPIRequestError(new Error('aborted')), 'unknown'],
    ['at which something else went wrong', new Error(), 'unknown'],
  ])('%s', (_, error, delivery) => {
    expect(deliveryOf(error)).toBe(delivery);
  });
});

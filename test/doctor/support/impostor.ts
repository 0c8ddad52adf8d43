import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * Answers everything in the name of Slack.
 * @param date its `Date`; `undefined` for none
 * @returns the address for SLACK_API_URL
 */
export async function impostor(answer: object, date: string | undefined = undefined) {
  const server = createServer((_, response) => {
    response.sendDate = false;
    if (date !== undefined) response.setHeader('date', date);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
}

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { HelpDesk } from '../../support/help-desk.ts';

/** Puts something in front of the app that gets Slack's requests in its place. */
export async function putInFront({ workspace }: HelpDesk, answer: RequestListener): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  workspace.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
}

/** A proxy that writes each form anew. The fields are the same, and the letters are not. */
export async function rewriteInFront(desk: HelpDesk): Promise<void> {
  const app = `http://127.0.0.1:${desk.port}/slack/events`;
  await putInFront(desk, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { host, connection, 'content-length': _, ...headers } = request.headers;
    const sent = { method: 'POST', headers: headers as Record<string, string>, body: `${body}&` };
    const answer = await fetch(app, sent);
    response.writeHead(answer.status).end(await answer.text());
  });
}

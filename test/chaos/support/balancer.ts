import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** How often an instance is asked whether it is ready, and how long until what it says has an effect. */
const PROBE = 500;
const LAG = 1500;

/** After so many milliseconds a balancer has heard of a change and acts on it; the rest is for a slow machine. */
export const HEARD_WITHIN = PROBE + LAG + 1000;

type Address = { port: number; opsPort: number };

type Target = Address & { agent: Agent; isReady: boolean; isKnown: boolean };

/**
 * Sends each request to the next instance that was ready when it last heard. Like a balancer in front of
 * Kubernetes' pods, it hears of a change late, keeps connections open, and sends nothing twice.
 */
export async function startBalancer() {
  const targets = new Set<Target>();
  const lost: string[] = [];
  let turn = 0;

  function next(): Target | undefined {
    const ready = [...targets].filter(({ isReady }) => isReady);
    turn += 1;
    return ready[turn % ready.length];
  }

  function pass(from: IncomingMessage, to: ServerResponse): void {
    const target = next();
    if (!target) {
      lost.push('nobody was ready');
      to.writeHead(503).end();
      return;
    }
    const { method, url: path, headers } = from;
    const passing = request(
      { ...{ method, path, headers }, agent: target.agent, host: '127.0.0.1', port: target.port },
      (answer) => {
        to.writeHead(answer.statusCode ?? 502);
        answer.pipe(to);
      },
    );
    passing.on('error', ({ message }) => {
      lost.push(message);
      if (!to.headersSent) to.writeHead(502);
      to.end();
    });
    from.pipe(passing);
  }

  async function probe(target: Target): Promise<void> {
    while (target.isKnown) {
      const isReady = await fetch(`http://127.0.0.1:${target.opsPort}/readyz/running`).then(
        ({ ok }) => ok,
        () => false,
      );
      void setTimeout(LAG).then(() => {
        target.isReady = isReady && target.isKnown;
      });
      await setTimeout(PROBE);
    }
  }

  const server = createServer(pass).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const target of targets) target.isKnown = false;
    server.close();
    server.closeAllConnections();
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Why each request was lost that no instance has answered. */
    lost,
    /** Resolves once it is sent requests. */
    async add(address: Address): Promise<Target> {
      const target = {
        ...address,
        ...{ agent: keepAlive(), isReady: false, isKnown: true },
      };
      targets.add(target);
      void probe(target);
      while (!target.isReady) await setTimeout(100);
      return target;
    },
    /** It is no longer there, which takes a while to be heard. */
    remove(target: Target): void {
      void setTimeout(LAG).then(() => {
        target.isKnown = false;
        target.agent.destroy();
        targets.delete(target);
      });
    },
  };
}

export type Balancer = Awaited<ReturnType<typeof startBalancer>>;

/** Keeps connections for as long as the other end lets it, whatever that announces. */
function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true });
  return Object.assign(agent, {
    keepSocketAlive: () => true,
  });
}

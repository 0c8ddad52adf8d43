import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedCommand } from './commands.ts';

export type Sender = ReturnType<typeof createSender>;

/** Slack's end of a connection to one server. */
export function createSender(port: number) {
  const agent = new Agent({ keepAlive: true });

  /** Sends a command. Resolves with the milliseconds until it was acknowledged. */
  function send(command: SignedCommand, sentAt = performance.now()): Promise<number> {
    const { body, headers } = command;
    return new Promise((resolve, reject) => {
      const sending = request(
        { agent, port, host: '127.0.0.1', path: '/slack/events', method: 'POST', headers },
        (response) => {
          response.resume();
          response.on('error', reject);
          response.on('end', () => {
            if (response.statusCode === 200) resolve(performance.now() - sentAt);
            else reject(new Error(`not acknowledged: ${response.statusCode}`));
          });
        },
      );
      sending.on('error', (error) => {
        // The server just closed an idle connection: the command never arrived.
        if (sending.reusedSocket) resolve(send(command, sentAt));
        else reject(error);
      });
      sending.end(body);
    });
  }

  return {
    send,

    /** Sends at this rate, whether or not earlier commands are acknowledged. */
    async atRate(make: () => SignedCommand, perSecond: number, seconds: number) {
      const commands = Array.from({ length: perSecond * seconds }, make);
      const all: Promise<number>[] = [];
      const startedAt = performance.now();
      while (all.length < commands.length) {
        const due = ((performance.now() - startedAt) / 1000) * perSecond;
        for (const command of commands.slice(all.length, Math.ceil(due))) all.push(send(command));
        await sleep(1);
      }
      return Promise.all(all);
    },

    /** Sends this many, with `atOnce` under way at a time. */
    async all(make: () => SignedCommand, total: number, atOnce: number): Promise<void> {
      let left = total;
      const oneByOne = async () => {
        while (left-- > 0) await send(make());
      };
      await Promise.all(Array.from({ length: atOnce }, oneByOne));
    },

    /** Retries until one is acknowledged. */
    async first(make: () => SignedCommand, patience = 60_000): Promise<void> {
      const until = performance.now() + patience;
      for (;;) {
        try {
          await send(make());
          return;
        } catch (error) {
          const isStarting = error instanceof Error && 'code' in error;
          if (!isStarting || performance.now() > until) throw error;
          await sleep(2);
        }
      }
    },

    close: () => agent.destroy(),
  };
}

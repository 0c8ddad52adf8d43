import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Clock } from '../../clock.ts';
import type { Answer } from './answer.ts';

/**
 * `after`: the request is carried out and only the answer is lost. `drip`: one byte of it comes per second.
 */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string | object }
  | 'reset'
  | 'reset after'
  | 'hang'
  | 'hang after'
  | 'cut off'
  | 'drip';

/** One fault for every request, or a function that chooses for each. */
export type Always = Fault | undefined | (() => Fault | undefined);

export function createFaults() {
  const waiting: { fault: Fault; times: number; route: string | undefined }[] = [];
  let always: Always;
  let delay = 0;

  return {
    add(fault: Fault, times = 1, route?: string): void {
      waiting.push({ fault, times, route });
    },

    take(route: string): Fault | undefined {
      const next = waiting.find((one) => one.times > 0 && (!one.route || one.route === route));
      if (next) next.times -= 1;
      return next?.fault ?? (typeof always === 'function' ? always() : always);
    },

    /** From now on every request gets this, until it is removed. */
    setAlways(fault: Always): void {
      always = fault;
    },

    /** Delays every answer, in milliseconds. */
    setDelay(ms: number): void {
      delay = ms;
    },

    slowness: (clock: Clock) =>
      new Promise<void>((resolve) => {
        if (delay > 0) clock.after(delay, resolve);
        else resolve();
      }),
  };
}

type Line = { clock: Clock; response: ServerResponse; gzip: boolean };

/** Answers, or fails as planned. `ended` is called with what was sent, once nothing more will come. */
export async function deliver(
  { clock, response, gzip }: Line,
  fault: Fault | undefined,
  carryOut: () => Promise<Answer>,
  ended: (sent?: Answer) => void,
): Promise<void> {
  const never = () => void response.once('close', () => ended());
  if (fault === 'hang') return never();
  if (fault === 'reset') {
    ended();
    response.destroy();
    return;
  }

  const answer = typeof fault === 'object' ? instead(fault) : await carryOut();
  if (fault === 'hang after') return never();
  if (fault === 'reset after' || response.destroyed) {
    ended();
    response.destroy();
    return;
  }

  const packed = gzip && answer.body !== '';
  const body = packed ? gzipSync(answer.body) : Buffer.from(answer.body);
  ended(answer);
  response.writeHead(answer.status, {
    date: new Date(clock.now()).toUTCString(),
    ...answer.headers,
    ...(packed && { 'content-encoding': 'gzip' }),
    'content-length': body.length,
  });
  if (fault === 'cut off') {
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
    return;
  }
  if (fault === 'drip') return drip(clock, response, body);
  response.end(body);
}

const DRIP = 1000;

function drip(clock: Clock, response: ServerResponse, body: Buffer): void {
  if (response.destroyed) return;
  response.write(body.subarray(0, 1));
  const rest = body.subarray(1);
  if (rest.length === 0) response.end();
  else clock.after(DRIP, () => drip(clock, response, rest));
}

function instead({ status, headers = {}, body = '' }: Exclude<Fault, string>): Answer {
  const isText = typeof body === 'string';
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status,
    headers: {
      'content-type': isText ? 'text/plain' : 'application/json',
      ...Object.fromEntries(given),
    },
    body: isText ? body : JSON.stringify(body),
  };
}

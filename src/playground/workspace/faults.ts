import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './types.ts';

/** The planned failures, by Web API method, `response_url`, `upload_url`, `handshake` or `hello`. */
export function createFaults() {
  const planned: { where: string; fault: Fault }[] = [];
  let always: ((where: string) => Fault | undefined) | undefined;

  function takePlanned(where: string): Fault | undefined {
    const index = planned.findIndex((one) => one.where === where);
    return index < 0 ? undefined : planned.splice(index, 1)[0]?.fault;
  }

  return {
    failNext(where: string, fault: Fault, times = 1): void {
      for (let time = 0; time < times; time += 1) planned.push({ where, fault });
    },
    setAlways(faultOf: typeof always): void {
      always = faultOf;
    },
    take: (where: string): Fault | undefined => takePlanned(where) ?? always?.(where),
    takePlanned,
    planned: () => planned.length,
  };
}

export type Faults = ReturnType<typeof createFaults>;

export type Failing = Exclude<Fault, { delay: number }>;

export function fail(fault: Failing, request: IncomingMessage, response: ServerResponse): void {
  if (fault === 'hang') return;
  if (fault === 'reset' || fault === 'reset after') {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
}

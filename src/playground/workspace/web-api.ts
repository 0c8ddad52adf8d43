import { chatMethods } from './chat-methods.ts';
import { directoryMethods } from './directory-methods.ts';
import { fileMethods } from './file-methods.ts';
import type { Floor, Params } from './floor.ts';
import type { ApiCall } from './types.ts';
import { viewMethods } from './view-methods.ts';

const OPEN_SOCKET = 'apps.connections.open';

type Access = { botToken: string; appToken?: string; socketUrl: () => string };

type Answered = Record<string, unknown> & { ok: boolean; retryAfter?: unknown };

export function createWebApi(floor: Floor, { botToken, appToken, socketUrl }: Access) {
  const methods = {
    ...directoryMethods(floor),
    ...viewMethods(floor),
    ...chatMethods(floor),
    ...fileMethods(floor),
  };
  const calls: ApiCall[] = [];

  function answer(method: string, token: unknown, params: Params): Record<string, unknown> {
    if (method === OPEN_SOCKET) {
      return appToken && token === appToken ? { url: socketUrl() } : { error: 'invalid_auth' };
    }
    const run = methods[method];
    if (!run) return { error: 'unknown_method' };
    return token === botToken ? run(params) : { error: 'invalid_auth' };
  }

  return {
    calls,
    record(method: string, params: Params): void {
      if (method !== OPEN_SOCKET) calls.push({ method, params, at: floor.clock.now() });
    },
    /** With `retryAfter`, in seconds, it is a 429. */
    call(method: string, token: unknown, params: Params): Answered {
      const answered = answer(method, token, params);
      return { ok: !('error' in answered), ...answered };
    },
  };
}

export type WebApi = ReturnType<typeof createWebApi>;

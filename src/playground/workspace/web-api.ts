import { createAccess, OPEN_SOCKET } from './access.ts';
import { channelMethods } from './channel-methods.ts';
import { chatMethods } from './chat-methods.ts';
import { directoryMethods } from './directory-methods.ts';
import { fileMethods } from './file-methods.ts';
import type { Floor, Method, Params } from './floor.ts';
import type { ApiCall } from './types.ts';
import { viewMethods } from './view-methods.ts';

type Options = { botToken: string; appToken?: string; socketUrl: () => string };

type Answered = Record<string, unknown> & { ok: boolean; retryAfter?: unknown };

export function createWebApi(floor: Floor, { botToken, appToken, socketUrl }: Options) {
  const access = createAccess({ botToken, appToken, scopes: floor.scopes });
  const methods: Record<string, Method> = {
    ...directoryMethods(floor),
    ...viewMethods(floor),
    ...channelMethods(floor),
    ...chatMethods(floor),
    ...fileMethods(floor),
    [OPEN_SOCKET]: () => ({ url: socketUrl() }),
  };
  const calls: ApiCall[] = [];

  function answer(method: string, token: unknown, params: Params): Record<string, unknown> {
    const run = methods[method];
    if (!run) return { error: 'unknown_method' };
    return access.refusal(method, token) ?? run(params);
  }

  return {
    calls,
    headers: access.headers,
    record(method: string, params: Params): void {
      if (method !== OPEN_SOCKET) calls.push({ method, params, at: floor.clock.now() });
    },
    /** `retryAfter`, in seconds, makes it a 429. */
    call(method: string, token: unknown, params: Params): Answered {
      const answered = answer(method, token, params);
      return { ok: !('error' in answered), ...answered };
    },
  };
}

export type WebApi = ReturnType<typeof createWebApi>;

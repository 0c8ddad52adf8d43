import { useEffect, useReducer } from 'react';
import type {
  Interaction,
  InteractionResult,
  PageEvent,
  PageMessage,
  TenantMode,
  Trace,
  Welcome,
} from '../page-protocol.ts';

/** The page's state: the company, and everything shown or traced since the page was opened. */
export type World = {
  welcome: Welcome;
  connected: boolean;
  messages: Arrived[];
  /** How many messages have arrived or changed since then. */
  arrivals: number;
  traces: Trace[];
};

/** `arrived` is the number of the arrival that brought it; 0 if it was there before. */
export type Arrived = PageMessage & { arrived: number };

type Change = PageEvent | { kind: 'lost' };

function change(world: World | undefined, event: Change): World | undefined {
  if (event.kind === 'welcome') {
    const { welcome } = event;
    const messages = welcome.messages.map((message) => ({ ...message, arrived: 0 }));
    return { welcome, connected: true, messages, arrivals: 0, traces: [] };
  }
  if (!world) return undefined;
  switch (event.kind) {
    case 'channels':
      return { ...world, welcome: { ...world.welcome, channels: event.channels } };
    case 'message': {
      const arrivals = world.arrivals + 1;
      const message = { ...event.message, arrived: arrivals };
      return { ...world, arrivals, messages: put(world.messages, message, ({ ts }) => ts) };
    }
    case 'trace':
      return { ...world, traces: put(world.traces, event.trace, ({ id }) => id) };
    case 'views': {
      const views = put(world.welcome.views, event.views, ({ user }) => user);
      return { ...world, welcome: { ...world.welcome, views } };
    }
    case 'tenant':
      return { ...world, welcome: { ...world.welcome, tenant: event.tenant } };
    case 'lost':
      return { ...world, connected: false };
  }
}

/** Replaces the item with the same key, or adds it at the end. */
function put<T>(all: T[], one: T, key: (one: T) => unknown): T[] {
  const index = all.findIndex((other) => key(other) === key(one));
  return index < 0 ? [...all, one] : all.with(index, one);
}

/** Keeps up with the process behind the page while the page is open. */
export function useWorld(): World | undefined {
  const [world, dispatch] = useReducer(change, undefined);
  useEffect(() => {
    const events = new EventSource('/api/events');
    events.onmessage = ({ data }) => dispatch(JSON.parse(data));
    events.onerror = () => dispatch({ kind: 'lost' });
    return () => events.close();
  }, []);
  return world;
}

export const interact = (interaction: Interaction) =>
  post('/api/interactions', interaction) as Promise<InteractionResult>;

export const setMode = (mode: TenantMode) =>
  post('/api/tenant', { mode }) as Promise<{ problem?: string }>;

async function post(path: string, body: unknown): Promise<unknown> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.ok) return await response.json();
    return { problem: 'The playground did not understand that.' };
  } catch {
    return { problem: 'The playground does not answer. Is it still running?' };
  }
}

import { useState } from 'react';
import type { Filled } from '../page-protocol.ts';
import type { Block } from '../workspace/index.ts';

/** What was typed into inputs and not yet sent. Forgets inputs that the app removed. */
export function useFilled(blocks: Block[]): [Filled, (action: string, text: string) => void] {
  const [typed, setTyped] = useState<Filled>({});
  const there = new Set(
    blocks.map(({ element }) => (element as { action_id?: string } | undefined)?.action_id),
  );
  const filled = Object.fromEntries(Object.entries(typed).filter(([action]) => there.has(action)));
  return [filled, (action, text) => setTyped((before) => ({ ...before, [action]: text }))];
}

import type { Scene } from './scene.ts';

/** Everybody types at once, or `count` of them. Resolves when each command has ended. */
export async function allType(scene: Scene, text: string, { count = 50, fault = text } = {}) {
  return Promise.all(
    scene.agents.slice(0, count).map(async (person, index) => {
      const entry = scene.ledger.begin(scene.agentIds[index] as string, text, fault);
      const exchange = await person.types(text);
      entry.follow(exchange).catch(() => {});
      await entry.ended();
      return entry;
    }),
  );
}

/** Agents who type one command after another until stopped. */
export function keepTyping(scene: Scene, text: string, { count = 20, pause = 50 } = {}) {
  let stopped = false;
  const done = Promise.all(
    scene.agents.slice(0, count).map(async (person, index) => {
      while (!stopped) {
        const entry = scene.ledger.begin(scene.agentIds[index] as string, text, 'load');
        const exchange = await person.types(text);
        entry.follow(exchange).catch(() => {});
        await entry.ended();
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }),
  );
  return {
    async stop(): Promise<void> {
      stopped = true;
      await done;
    },
  };
}

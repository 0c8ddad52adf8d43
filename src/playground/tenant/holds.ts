/** Stops arriving requests until `release`. */
export type Hold = {
  /** Resolves when `count` requests wait here, or have waited. */
  arrived(count?: number): Promise<void>;
  /** Lets waiting requests go on, and later ones pass. */
  release(): void;
};

export function createHolds() {
  const holds = new Set<{ route: string | undefined; stop(): Promise<void> }>();

  return {
    add(route?: string): Hold {
      const waiting: (() => void)[] = [];
      const watchers = new Set<{ count: number; tell(): void }>();
      const hold = {
        route,
        stop: () =>
          new Promise<void>((go) => {
            waiting.push(go);
            for (const watcher of watchers) {
              if (waiting.length >= watcher.count) watcher.tell();
            }
          }),
      };
      holds.add(hold);

      return {
        arrived: (count = 1) =>
          new Promise((tell) => {
            if (waiting.length >= count) tell();
            else watchers.add({ count, tell });
          }),
        release() {
          holds.delete(hold);
          for (const go of waiting) go();
        },
      };
    },

    async pass(route: string): Promise<void> {
      const hold = [...holds].find((one) => !one.route || one.route === route);
      await hold?.stop();
    },
  };
}

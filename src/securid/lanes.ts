type Waiting<T> = {
  /** Who is asking. `undefined` is a lane of its own. */
  lane: string | undefined;
  order: number;
  /** Deadline, by `clock.elapsed()`. */
  until: () => number;
  go: (turn: T) => void;
  refuse: (error: Error) => void;
};

export type Lanes<T> = {
  /** Adds to the end of its lane. Retries go back to the front of the queue, in order. */
  add(entry: Waiting<T>, isRetry: boolean): void;
  waiting(): number;
  /** The first request of each lane, in the order in which they may go. */
  next(): Waiting<T>[];
  /** The request goes, and its lane moves to the end. */
  remove(entry: Waiting<T>): void;
  /** Removes the requests that match. */
  drop(hopeless: (entry: Waiting<T>) => boolean): Waiting<T>[];
  /** Removes the newest request; retries are the last to be removed. */
  dropLast(): Waiting<T> | undefined;
  soonestEnd(): number;
  /** Whether others wait behind it in its lane while other lanes are in use. */
  crowds(entry: Waiting<T>): boolean;
};

/** A lane that has not been served for this long is forgotten. In milliseconds. */
const GONE = 60_000;

/** Waiting requests, one queue per lane. The lane served longest ago goes first. */
export function createLanes<T>(now: () => number): Lanes<T> {
  const lanes = new Map<string | undefined, Waiting<T>[]>();
  const served = createServed(now);
  let first: Waiting<T>[] = [];

  function drop(hopeless: (entry: Waiting<T>) => boolean): Waiting<T>[] {
    const dropped = first.filter(hopeless);
    first = first.filter((entry) => !hopeless(entry));
    for (const [lane, entries] of lanes) {
      const gone = entries.filter(hopeless);
      if (gone.length === 0) continue;
      dropped.push(...gone);
      if (gone.length === entries.length) lanes.delete(lane);
      else
        lanes.set(
          lane,
          entries.filter((entry) => !hopeless(entry)),
        );
    }
    return dropped;
  }

  return {
    add(entry, isRetry) {
      if (!isRetry) {
        const line = lanes.get(entry.lane);
        if (line) line.push(entry);
        else lanes.set(entry.lane, [entry]);
        return;
      }
      first.push(entry);
      first.sort((a, b) => a.order - b.order);
    },
    waiting: () => [...lanes.values()].reduce((sum, { length }) => sum + length, first.length),
    next() {
      const [head] = first;
      if (head) return [head];
      const order = served.lanes();
      // Lanes never served go first, in order of arrival.
      return [...lanes.values()]
        .flatMap(([entry]) => entry ?? [])
        .sort((a, b) => order.indexOf(a.lane) - order.indexOf(b.lane));
    },
    remove(entry) {
      if (first[0] === entry) {
        first.shift();
        return;
      }
      const line = lanes.get(entry.lane);
      line?.shift();
      if (line?.length === 0) lanes.delete(entry.lane);
      served.add(entry.lane);
    },
    drop,
    dropLast() {
      const ends = [...lanes.values()].flatMap((line) => line.at(-1) ?? []);
      const last = ends.sort((a, b) => b.order - a.order)[0] ?? first.at(-1);
      drop((entry) => entry === last);
      return last;
    },
    soonestEnd: () =>
      [first, ...lanes.values()]
        .flat()
        .reduce((soonest, { until }) => Math.min(soonest, until()), Number.POSITIVE_INFINITY),
    crowds(entry) {
      if (entry.lane === undefined || first[0] === entry) return false;
      if ((lanes.get(entry.lane)?.length ?? 0) < 2) return false;
      served.forgetGone();
      return [...lanes.keys(), ...served.lanes()].some((lane) => lane !== entry.lane);
    },
  };
}

/** Lanes by when they were last served, the longest ago first. */
function createServed(now: () => number) {
  const servedAt = new Map<string | undefined, number>();
  return {
    lanes: () => [...servedAt.keys()],
    add(lane: string | undefined): void {
      servedAt.delete(lane);
      servedAt.set(lane, now());
    },
    forgetGone(): void {
      for (const [lane, at] of servedAt) {
        if (now() - at < GONE) return;
        servedAt.delete(lane);
      }
    },
  };
}

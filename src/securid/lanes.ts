type Waiting<T> = {
  /** Who asks; nobody in particular is a lane as well. */
  lane: string | undefined;
  order: number;
  /** When it is no longer worth its answer, by `clock.elapsed()`. */
  until: () => number;
  go: (turn: T) => void;
  refuse: (error: Error) => void;
};

export type Lanes<T> = {
  /** Joins the end of its lane; a retry goes to the front of the queue, in order. */
  add(entry: Waiting<T>, isRetry: boolean): void;
  waiting(): number;
  /** Those who may go next, in that order: at most one of each lane. */
  next(): Waiting<T>[];
  /** It goes, and its lane is last now. */
  remove(entry: Waiting<T>): void;
  /** Leaves the line. */
  drop(hopeless: (entry: Waiting<T>) => boolean): Waiting<T>[];
  /** The last to come leaves; retries stay as long as others wait. */
  dropLast(): Waiting<T> | undefined;
  soonestEnd(): number;
  /** Whether others of its lane wait behind it, while other lanes are in use as well. */
  crowds(entry: Waiting<T>): boolean;
};

/** A lane whose last request was served this long ago is taken for gone. */
const GONE = 60_000;

/** Requests that wait, one line for each asker. The lane that was served longest ago goes first. */
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
      // Those who were never served come before all others, in the order in which they came.
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

/** The lanes that were served, the longest ago first. */
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

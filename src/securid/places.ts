import type { Queue } from './queue.ts';

/** Ends a request and frees its place. */
export type Over = () => void;

type Listeners = {
  /** A place is free, or a request has ended. */
  onPlace: () => void;
  /** The queue refused a job. */
  onRefused: () => void;
};

/**
 * Places in the queue. A job with a place holds it for whichever
 * request goes next, until that request ends.
 */
export function createPlaces(queue: Queue, { onPlace, onRefused }: Listeners) {
  /** The ends of jobs whose place is still free. */
  const open: Over[] = [];

  const job = () =>
    new Promise<void>((over) => {
      open.push(over);
      onPlace();
    });

  return {
    open: () => open.length,
    /** How many requests are under way. */
    underWay: () => queue.running() - open.length,
    take: () => open.shift(),
    /**
     * Makes sure that this many places are free or requested. Newcomers
     * take over the jobs of those who left.
     */
    ask(wanted: number): void {
      if (queue.waiting() + open.length >= wanted) return;
      queue.schedule(job).then(onPlace, onRefused);
    },
    /** Gives back all but this many free places. */
    keep(wanted: number): void {
      while (open.length > wanted) open.pop()?.();
    },
    stop: queue.stop,
  };
}

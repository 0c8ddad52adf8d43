import type { Queue } from './queue.ts';

/** Says that a request is over, whatever came of it: its place is free. */
export type Over = () => void;

type Listeners = {
  /** A place is there for whoever goes next, or somebody is over. */
  onPlace: () => void;
  /** One job of those that were asked for will never have a place. */
  onRefused: () => void;
};

/** The queue's places: each job that has one keeps it for whoever goes next, until that one is over. */
export function createPlaces(queue: Queue, { onPlace, onRefused }: Listeners) {
  /** The ends of the jobs that have a place, and nobody in it. */
  const open: Over[] = [];

  const job = () =>
    new Promise<void>((over) => {
      open.push(over);
      onPlace();
    });

  return {
    open: () => open.length,
    /** How many have a place and go through it. */
    underWay: () => queue.running() - open.length,
    take: () => open.shift(),
    /** Sees to it that so many places are there or to come: whoever comes takes over the job of one who left. */
    ask(wanted: number): void {
      if (queue.waiting() + open.length >= wanted) return;
      queue.schedule(job).then(onPlace, onRefused);
    },
    /** Gives those back for which nobody is left. */
    keep(wanted: number): void {
      while (open.length > wanted) open.pop()?.();
    },
    stop: queue.stop,
  };
}

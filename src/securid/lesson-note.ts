import { z } from 'zod';
import type { Lesson } from './learning.ts';

const Time = z.number().min(0).max(8.64e15);
const Count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const Mark = z.object({ at: Time, taken: Count });

const Window = z.object({
  limit: z.number().positive().max(1e7),
  length: z
    .number()
    .min(1000)
    .max(24 * 60 * 60_000),
  start: Mark,
  growth: z.number().min(0).max(1),
  misses: z.int().min(0).max(10),
});

/** The bounds of what can be learned. */
const Note = z.object({
  requestsPerSecond: z.number().min(0.1).max(100_000),
  doubling: z.boolean(),
  step: Mark,
  since: Mark,
  episode: Mark.extend({ passed: z.int().min(0).max(1000) }).optional(),
  brief: z.boolean(),
  window: Window.optional(),
});

/** Reads what another instance learned. `undefined` if the values are implausible. */
export function readLesson(text: string): Lesson | undefined {
  try {
    return inFull(Note.parse(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

const inFull = ({ episode, window, ...rest }: z.output<typeof Note>): Lesson => ({
  ...rest,
  episode,
  window,
});

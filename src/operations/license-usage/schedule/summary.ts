import { z } from 'zod';
import { type Audit, type Event, eventsThat } from '../../../audit/index.ts';
import type { Clock } from '../../../clock.ts';
import type { Licenses } from '../licenses.ts';
import type { ScheduledPost } from './scheduled-post.ts';
import * as view from './view.ts';

/** Long, because nobody is waiting for it. In milliseconds. */
export const LOOK_UP_WITHIN = 60_000;

type Wiring = { licenses: Licenses; audit: Audit; channel: string; clock: Clock };

/** The license summary, for the channel. */
export const summary = ({ licenses, audit, channel, clock }: Wiring): ScheduledPost => {
  const note = async (event: Event, target: string, incident: string, failure?: string) => {
    await audit.note({ event, channel, target, incident, failure });
  };

  return {
    name: 'license summary',
    key: 'licences',
    message: async () =>
      licenses.summary(await licenses.months({ until: clock.elapsed() + LOOK_UP_WITHIN })),
    begins: ({ due, incident }) => note('licences due', due, incident),
    posted: ({ due, incident }) => note('licences posted', due, incident),
    refused: ({ due, incident }, failure, { final }) =>
      note(final ? 'licences not posted' : 'licences refused', due, incident, failure),
    apology: ({ incident }) => view.notAsked(incident),
  };
};

/** The audit rows about the summary. */
export const SUMMARY = {
  name: 'licence summary',
  events: new Set<string>(eventsThat(({ matter }) => matter === 'licence summary')),
};

/** The last row about the summary, with the time at which it was due, in ISO 8601. */
export const SummaryWord = z.object({ event: z.string(), target: z.iso.datetime() });
export type SummaryWord = z.output<typeof SummaryWord>;

/** Until when an earlier process handled the summary. If it ended midway, it may have posted. */
export function handledUntil(
  last: SummaryWord | undefined,
): { at: number; surely: boolean } | undefined {
  if (!last || last.event === 'licences refused') return undefined;
  return { at: Date.parse(last.target), surely: last.event !== 'licences due' };
}

import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Message, sentence } from '../slack/blocks.ts';
import type { Reply } from '../slack/reply.ts';

/** Whoever reads nothing for longer than three seconds wonders whether they were heard. In milliseconds. */
const SILENCE = 3001;

const STILL_AT_IT: Message = sentence(
  ':hourglass_flowing_sand: This takes longer than usual. The answer will follow here within 20 seconds.',
);

/** Says once that an answer takes its time. */
export type Silence = {
  /** Where the answer goes, so that it never comes before what was said meanwhile. */
  reply: Reply;
  /** From here on it is said in place of the card that was pressed, which then has no buttons to press again. */
  standsIn(message?: Message): void;
  /** Whether it was said: that took one of the response URL's five uses. */
  hasSpoken(): boolean;
  /** There is nothing more to wait for. */
  end(): void;
};

type Wiring = {
  clock: Clock;
  log: Log;
  /** Posts to the response URL. A slash command's cannot replace what was posted there. */
  post: Reply;
  /** Nothing is said where something else shows that it goes on. */
  quiet: boolean;
};

export function createSilence({ clock, log, post, quiet }: Wiring): Silence {
  let message = STILL_AT_IT;
  let replace = false;
  let hasSpoken = false;
  /** What was said, and whether the card is gone for it. */
  let said: { arrived: Promise<void>; replaced: boolean } | undefined;

  function speak(): void {
    hasSpoken = true;
    const arrived = post(message, { replace, attempts: 1 }).catch((error) => {
      log.warn({ err: error }, 'could not say that an answer takes longer than usual');
    });
    said = { arrived, replaced: replace };
  }

  const end = quiet ? () => {} : clock.after(SILENCE, speak);

  return {
    async reply(answer, options) {
      end();
      await said?.arrived;
      const isForAll = options?.visibility === 'in_channel';
      // Nothing else takes away what stands in for the card.
      const standsIn = !isForAll && said?.replaced === true;
      if (!isForAll) said = undefined;
      await post(answer, standsIn ? { ...options, replace: true } : options);
    },
    standsIn(instead = STILL_AT_IT) {
      message = instead;
      replace = true;
    },
    hasSpoken: () => hasSpoken,
    end,
  };
}

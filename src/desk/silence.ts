import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Message, sentence } from '../slack/blocks.ts';
import type { Reply } from '../slack/reply.ts';

/** After how long without an answer to say something, in milliseconds. */
const SILENCE = 3001;

const STILL_AT_IT: Message = sentence(
  ':hourglass_flowing_sand: This is taking longer than usual. The answer will appear here within 20 seconds.',
);

/** Says once that an answer takes longer than usual. */
export type Silence = {
  /** Posts the answer, never before the "taking longer" message. */
  reply: Reply;
  /** From here on, that message replaces the pressed card, which removes its buttons. */
  standsIn(message?: Message): void;
  /** Whether that message was posted, which used the response URL once. */
  hasSpoken(): boolean;
  /** Call when there is nothing more to wait for. */
  end(): void;
};

type Wiring = {
  clock: Clock;
  log: Log;
  /** Posts to the response URL. That of a slash command cannot replace a message. */
  post: Reply;
  /** Says nothing, because something else shows progress. */
  quiet: boolean;
};

export function createSilence({ clock, log, post, quiet }: Wiring): Silence {
  let message = STILL_AT_IT;
  let replace = false;
  let hasSpoken = false;
  /** The message that was posted, and whether it replaced the card. */
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
      // The answer then has to replace that message.
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

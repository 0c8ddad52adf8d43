import type { Audit } from '../../audit/index.ts';
import { newIncident } from '../../desk/failures.ts';
import type { Log } from '../../log.ts';
import { type Channels, MUST_ARRIVE } from '../../slack/channel.ts';
import { seeFor } from '../../troubleshooting.ts';
import type { StoppedWords } from '../change/changes.ts';
import * as view from './view.ts';

type Wiring = {
  audit: Audit;
  channels: Channels;
  /** The channels to tell, each once. */
  to: (string | undefined)[];
  stopped: StoppedWords;
  log: Log;
};

/** Records and announces that the app turned the lockdown on by itself. Never throws. */
export async function tellLost({ audit, channels, to, stopped, log }: Wiring): Promise<void> {
  const incident = newIncident();
  await audit.note({
    event: 'lockdown on',
    reason: 'the state is missing or out of date',
    incident,
  });
  const ids = [...new Set(to)].flatMap((id) => id ?? []);
  await Promise.all(
    ids.map((channel) =>
      channels
        .post(channel, view.lost(stopped), { priority: 'order', ...MUST_ARRIVE })
        .catch((error) => {
          log.error(
            {
              err: error,
              incident,
              channel,
              see: seeFor(error, 'a-channel-does-not-accept-messages'),
            },
            'could not announce the lost state in a channel',
          );
        }),
    ),
  );
}

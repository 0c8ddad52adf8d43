import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import type { Listener } from '../heard.ts';
import type { Services } from '../services.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How close NTP keeps a clock, with room for a `Date` in whole seconds. */
const CLOSE = 10 * SECOND;

type Sender = { name: string; tolerates: number; inWords: string; heard: Listener };

/** Compares this machine's clock with Slack's and SecurID's, which refuse requests from another time. */
export const clock: Check = {
  area: 'This machine',
  name: 'clock',
  async run(services) {
    const senders = await sendersIn(services);
    return senders.map(line);
  },
};

async function sendersIn({ slack, securid, config }: Services): Promise<Sender[]> {
  await Promise.allSettled([slack?.workspace(), securid?.isThere()]);
  // While the mode cannot be read, it may be HTTP.
  const isSigned = !config.slack?.socketMode;
  return [
    ...(slack
      ? [
          {
            name: 'clock and Slack',
            // https://docs.slack.dev/authentication/verifying-requests-from-slack
            tolerates: isSigned ? 5 * MINUTE : Number.POSITIVE_INFINITY,
            inWords: isSigned
              ? 'its signatures are valid for 5 minutes'
              : 'Socket Mode has no signatures',
            heard: slack.heard,
          },
        ]
      : []),
    ...(securid
      ? [
          {
            name: 'clock and SecurID',
            // Authentication for the Cloud Administration APIs, in the RSA Community.
            tolerates: MINUTE,
            inWords: 'it tolerates 60 s',
            heard: securid.heard,
          },
        ]
      : []),
  ];
}

const SYNCHRONIZED = 'timedatectl says that the clock is synchronized';

const ADVICE = {
  remedy: 'Turn on time synchronization here or on the host (chrony, systemd-timesyncd).',
  symptom: 'the-clock-is-wrong',
} as const;

function line({ name, tolerates, inWords, heard }: Sender): Finding {
  const ahead = heard.ahead();
  if (ahead === undefined) return heard.hasAnswered() ? undated(name) : unheard(name);
  const off = Math.abs(ahead);
  if (off <= CLOSE) return ok(name, `within ${CLOSE / SECOND} s (${inWords})`);
  const seconds = Math.round(off / SECOND);
  const says = `this clock is ${seconds} s ${ahead > 0 ? 'ahead' : 'behind'} (${inWords})`;
  return off > tolerates ? failed(name, says, ADVICE) : warning(name, says, ADVICE);
}

const unheard = (name: string): Finding =>
  warning(name, 'not compared: no answer', { remedy: 'Let this machine reach it first.' });

const undated = (name: string): Finding =>
  warning(name, 'not compared: no answer has a Date that can be read', {
    remedy: `Check that ${SYNCHRONIZED}; a proxy may remove the Date.`,
  });

import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import type { Services } from '../services.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** As close as a clock that is kept by NTP gets, with what a `Date` in whole seconds can tell. */
const CLOSE = 10 * SECOND;

type Sender = { name: string; tolerates: number; inWords: string; ahead: number | undefined };

/** This machine's clock, by those who refuse what comes from another time. */
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
  const isSigned = config.slack?.socketMode === false;
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
            ahead: slack.heard.ahead(),
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
            ahead: securid.heard.ahead(),
          },
        ]
      : []),
  ];
}

const ADVICE = {
  remedy: 'Turn on time synchronization here or on the host (chrony, systemd-timesyncd).',
  symptom: 'the-clock-is-wrong',
} as const;

function line({ name, tolerates, inWords, ahead }: Sender): Finding {
  if (ahead === undefined) {
    return warning(name, 'no answer with a Date to compare', {
      remedy: 'First let this machine reach it.',
    });
  }
  const off = Math.abs(ahead);
  if (off <= CLOSE) return ok(name, `within ${CLOSE / SECOND} s (${inWords})`);
  const seconds = Math.round(off / SECOND);
  const says = `this clock is ${seconds} s ${ahead > 0 ? 'ahead' : 'behind'} (${inWords})`;
  return off > tolerates ? failed(name, says, ADVICE) : warning(name, says, ADVICE);
}

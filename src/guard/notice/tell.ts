import { LATE } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { Call } from '../../desk/operation.ts';
import { nameOf } from '../../desk/user.ts';
import type { UserDetails } from '../../securid/index.ts';
import { MUST_ARRIVE } from '../../slack/channel.ts';
import { isTooBusy, mayPass } from '../../slack/delivery.ts';
import type { Input } from '../change/asked.ts';
import type { Change } from '../change/change.ts';
import { TELLS } from '../change/risk.ts';
import type { GuardServices } from '../services.ts';
import { sealMade } from './made.ts';
import { nobodyTold, type Tried } from './nobody-told.ts';
import { createTellSecurity } from './protected-user.ts';
import { textsOf } from './texts.ts';
import * as view from './view.ts';

/** Whether the user was notified of a change. */
export type Told = Tried | 'not in time' | 'nothing to tell';

type About = { change: Change; input: Input; call: Call; approver: string | undefined };

/** Notifies the user of a change. Never throws, because the change was made in any case. */
export type Tell = (
  change: Change,
  user: UserDetails,
  about: Omit<About, 'change'>,
) => Promise<Told>;

/** How long somebody may be away from Slack, in milliseconds. */
const LIFETIME = 14 * 24 * 60 * 60_000;

/** The agent waits for this, see `CHANGE_WITHIN` in `card.ts`. In milliseconds. */
const NOTICE_WITHIN = 2500;

/** The pause before Slack is asked again who the user is, in milliseconds. It doubles. */
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;

/** Notifies the user by direct message, in the one account that is certainly theirs. */
export function createTell(services: GuardServices): Tell {
  const { identities, clock, changes } = services;
  const { channels, seal, lasting } = services.slack;
  const tellSecurity = createTellSecurity(services);

  async function post(
    user: UserDetails,
    { change, input, call, approver }: About,
    { at, patience, onDelay }: { at: number; patience: number; onDelay: () => void },
  ): Promise<Tried> {
    const { accounts } = await identities.subject(user);
    const person = accounts.own;
    if (!person) return 'not in Slack';
    const made: view.Made = {
      change: change.name,
      target: user.id,
      name: nameOf(user),
      email: user.emailAddress,
      person: person.id,
      agent: call.userId,
      approver,
      incident: call.incident,
      at,
    };
    const report = await sealMade(seal, view.REPORT, made, LIFETIME);
    await channels.post(
      person.id,
      view.notice(textsOf(changes, made), made, { which: change.which?.(input), approver, report }),
      {
        ...MUST_ARRIVE,
        patience,
        onDelay,
      },
    );
    return 'told';
  }

  async function keepTrying(user: UserDetails, about: About, onDelay: () => void): Promise<Tried> {
    const at = clock.now();
    const until = clock.elapsed() + MUST_ARRIVE.patience;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return await post(user, about, { at, patience: until - clock.elapsed(), onDelay });
      } catch (error) {
        onDelay();
        const mayPassLater = mayPass(error) || isTooBusy(error);
        const isOver = !mayPassLater || clock.elapsed() + pause > until;
        if (isOver || !(await channels.rest(pause))) {
          about.call.log.error(
            { err: error, target: user.id },
            `the user could not be told of their ${about.change.words.short}`,
          );
          return 'failed';
        }
      }
    }
  }

  return async (change, user, rest) => {
    if (!TELLS.has(change.risk)) return 'nothing to tell';
    const about = { change, ...rest };
    if (change.risk === 'protects') void lasting(tellSecurity(change, user, rest));
    const audit = about.call.audit.of(change.name);
    const record = (told: Told) =>
      told === 'told'
        ? audit.note('told', { target: user.id })
        : audit.note('not told', { target: user.id, failure: told });

    let onDelay = () => {};
    const delayed = new Promise<Told>((resolve) => {
      onDelay = () => resolve('failed');
    });
    const outcome = keepTrying(user, about, onDelay);
    const told = await inTime(clock, Promise.race([outcome, delayed]));
    await record(told);
    void lasting(follow(outcome, told, user, about, services));
    return told;
  };
}

/** Goes on notifying after the agent has the answer. */
async function follow(
  outcome: Promise<Tried>,
  said: Told,
  user: UserDetails,
  { change, call, approver }: About,
  { securityDigest }: Pick<GuardServices, 'securityDigest'>,
): Promise<void> {
  const last = await outcome;
  if (last === 'told') {
    if (said !== 'told')
      await call.audit.of(change.name).note('told', { target: user.id, reason: LATE });
    return;
  }
  const { userId: agent, incident } = call;
  const name = nameOf(user);
  securityDigest.add(nobodyTold(change, { name, agent, approver, incident }, last));
}

function inTime(clock: Clock, outcome: Promise<Told>): Promise<Told> {
  return new Promise((resolve) => {
    const stopWaiting = clock.after(NOTICE_WITHIN, () => resolve('not in time'));
    void outcome.then(resolve).finally(stopWaiting);
  });
}

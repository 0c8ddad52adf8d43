import type { UserDetails } from '../../securid/index.ts';
import type { Call, Services } from '../operation.ts';
import { isHome } from '../roles.ts';
import { nameOf } from '../user-details/view.ts';
import * as view from './view.ts';

/** Whether the person concerned knows of a code. */
export type Told = 'told' | 'not in Slack' | 'failed' | 'not in time';

type About = { call: Call; approver: string | undefined };

/** Tells the user that a code was issued for them. Never throws: the code is issued all the same. */
export type Tell = (user: UserDetails, about: About) => Promise<Told>;

/** As long as somebody may be away from Slack. */
const LIFETIME = 14 * 24 * 60 * 60_000;

/** The agent waits for their code meanwhile, see `PATIENCE` in `card.ts`. */
const PATIENCE = 2500;

/** A direct message to the user, found by e-mail address. */
export function createTell({ people, channels, seal, clock }: Services): Tell {
  async function post(user: UserDetails, { call, approver }: About): Promise<Told> {
    const [workspace, person] = await Promise.all([
      people.workspace(),
      people.findByEmail(user.emailAddress ?? ''),
    ]);
    // Another company's administrators can write any address into their people's profiles.
    if (!person || person.isBot || !isHome(workspace, person)) return 'not in Slack';
    const issued: view.Issued = {
      target: user.id,
      name: nameOf(user),
      person: person.id,
      agent: call.userId,
      approver,
      incident: call.incident,
      at: clock.now(),
    };
    const report = await seal.close(view.REPORT, issued, LIFETIME);
    await channels.post(person.id, view.notice(issued, { approver, report }));
    return 'told';
  }

  async function tryTo(user: UserDetails, about: About): Promise<Told> {
    try {
      return await post(user, about);
    } catch (error) {
      about.call.log.error(
        { err: error, target: user.id },
        'the user could not be told of their code',
      );
      return 'failed';
    }
  }

  return async (user, about) => {
    const { audit } = about.call;
    const record = (told: Told) =>
      told === 'told'
        ? audit.note('told', { target: user.id })
        : audit.note('not told', { target: user.id, failure: told });

    const outcome = tryTo(user, about);
    const told = await inTime(outcome);
    await record(told);
    // It may arrive all the same.
    if (told === 'not in time') {
      void outcome.then(async (late) => {
        if (late === 'told') await record(late);
      });
    }
    return told;
  };

  function inTime(outcome: Promise<Told>): Promise<Told> {
    return new Promise((resolve) => {
      const stopWaiting = clock.after(PATIENCE, () => resolve('not in time'));
      void outcome.then(resolve).finally(stopWaiting);
    });
  }
}

import type { UserDetails } from '../../securid/index.ts';
import type { Call, Services } from '../operation.ts';
import { isHome } from '../roles.ts';
import { nameOf } from '../user-details/view.ts';
import * as view from './view.ts';

/** Whether the person concerned knows of a code. */
export type Told = 'told' | 'not in Slack' | 'failed';

type About = { call: Call; approver: string | undefined };

/** Tells the user that a code was issued for them. Never throws: the code is issued all the same. */
export type Tell = (user: UserDetails, about: About) => Promise<Told>;

/** As long as somebody may be away from Slack. */
const LIFETIME = 14 * 24 * 60 * 60_000;

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
      incident: call.incident,
      at: clock.now(),
    };
    const report = await seal.close(view.REPORT, issued, LIFETIME);
    await channels.post(person.id, view.notice(issued, { approver, report }));
    return 'told';
  }

  return async (user, about) => {
    const { audit, log } = about.call;
    let told: Told = 'failed';
    try {
      told = await post(user, about);
    } catch (error) {
      log.error({ err: error, target: user.id }, 'the user could not be told of their code');
    }
    if (told === 'told') await audit.note('told', { target: user.id });
    else await audit.note('not told', { target: user.id, failure: told });
    return told;
  };
}

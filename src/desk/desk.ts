import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../monitoring/index.ts';
import type { SecurID } from '../securid/index.ts';
import type { Slack } from '../slack/slack.ts';
import type { Store } from '../store/index.ts';
import { createAddresses } from './identity/addresses.ts';
import { createIdentities } from './identity/identities.ts';
import { createKnownNames } from './identity/known-names.ts';
import { createLookUps } from './look-ups.ts';
import type { DeskServices } from './operation.ts';
import { createRoles, type RoleMembers } from './roles.ts';
import { anywhere, createWhereabouts } from './whereabouts.ts';

type Settings = {
  roles: RoleMembers;
  /** Groups of domains that mean the same mailbox, in A-labels. */
  emailDomains: string[][];
  authenticatorApi: 1 | 2;
  /** The only workspaces whose people may use the app; empty for all of the installation. */
  workspaces: string[];
};

type Rooms = {
  slack: Slack;
  securid: SecurID;
  audit: Audit;
  store: Store;
  metrics: Metrics;
  clock: Clock;
  log: Log;
};

/** Turns a request into an answer: who is asking, what they may do, and who is who. */
export function createDesk(settings: Settings, rooms: Rooms): DeskServices {
  const { slack, audit, store, metrics, clock, log } = rooms;
  const { people } = slack;
  const { workspaces } = settings;
  const names = createKnownNames(clock);
  const securid = names.learnFrom(rooms.securid);
  const addresses = createAddresses(settings.emailDomains);
  return {
    ...{ slack, securid, audit, metrics, clock, log },
    identities: createIdentities({ securid, people, addresses, clock }),
    names,
    roles: createRoles({ people, members: settings.roles, workspaces, log }),
    whereabouts:
      workspaces.length > 0 ? createWhereabouts({ store, seal: slack.seal, log }) : anywhere,
    lookUps: createLookUps(store, clock, log),
    authenticatorApi: settings.authenticatorApi,
  };
}

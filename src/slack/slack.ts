import type { Clock } from '../clock.ts';
import { type Config, groupsIn } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../monitoring/index.ts';
import { createRunning } from '../running.ts';
import { watchSlack, webApiMethod } from './calls.ts';
import { createChannels } from './channel.ts';
import { createClient } from './connection.ts';
import { createDigest } from './digest.ts';
import { createPeople } from './people.ts';
import { createPermissions } from './permissions.ts';

type Wiring = {
  config: Config;
  fetch: typeof globalThis.fetch;
  clock: Clock;
  log: Log;
  onAnswer: Metrics['slackAnswered'];
};

/** What is asked of Slack, and what is posted there. */
export function createSlackSide({ config, fetch, clock, log, onAnswer }: Wiring) {
  const { slack } = config;
  const slackFetch = watchSlack({
    fetch,
    methodOf: webApiMethod(slack.apiUrl),
    onAnswer,
    onScopes: (scopes) => permissions.heardScopes(scopes),
  });
  const client = createClient(slack, log, slackFetch, { retries: 1 });
  const withoutRetries = createClient(slack, log, slackFetch, { retries: 0 });
  const people = createPeople(client, clock, (scope) => permissions.lacks(scope));
  const permissions = createPermissions({
    members: people.members,
    authTest: () => withoutRetries.auth.test(),
    groups: groupsIn(config),
    clock,
    log,
  });
  const posting = createRunning(clock);
  const channels = createChannels({ client: withoutRetries, clock, count: posting.count });
  const digestFor = (name: string, channelId: string | undefined) =>
    createDigest({ channels, channelId, name, clock, log, count: posting.count });
  const auditDigest = digestFor('AUDIT_CHANNEL', config.auditChannel);
  const securityDigest = digestFor('SECURID_SECURITY_CHANNEL', config.securityChannel);

  return {
    ...{ client, withoutRetries, people, permissions, channels, auditDigest, securityDigest },
    /** Counts posts and what goes on behind an answer. */
    posting,
  };
}

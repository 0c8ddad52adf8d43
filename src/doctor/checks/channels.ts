import { z } from 'zod';
import { isPlatformError } from '../../slack/errors.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import type { Services } from '../services.ts';
import type { SlackAccess } from '../slack-access.ts';
import { inSlack } from '../slack-trouble.ts';
import { isThere, READ_SCOPES, unasked } from './slack.ts';

/** The channels in the settings, as far as the granted scopes let them be seen. */
export const channels: Check = {
  area: 'Channels',
  name: 'channels',
  async run(services) {
    const { slack } = services;
    const named = namedIn(services);
    if (!slack || named.length === 0) return [];
    if (!(await isThere(slack))) return unasked('channels');
    return Promise.all(named.map((one) => channel(slack, one)));
  },
};

type Named = { variable: string; id: string; isConfidential: boolean };

function namedIn({ config }: Services): Named[] {
  const { approval, securityChannel, auditChannel, licenseSchedule } = config;
  const all: [variable: string, id: string | undefined, isConfidential: boolean][] = [
    ['SECURID_APPROVAL_CHANNEL', approval.channel, true],
    ['SECURID_SECURITY_CHANNEL', securityChannel, true],
    ['AUDIT_CHANNEL', auditChannel, true],
    ['SECURID_LICENSE_CHANNEL', licenseSchedule.channel, false],
  ];
  return all.flatMap(([variable, id, isConfidential]) =>
    id === undefined ? [] : [{ variable, id, isConfidential }],
  );
}

async function channel(slack: SlackAccess, named: Named): Promise<Finding> {
  const granted = slack.granted() ?? [];
  try {
    const canRead = READ_SCOPES.some((scope) => granted.includes(scope));
    return canRead ? await read(slack, named) : await seen(slack, named);
  } catch (error) {
    // A missing scope may look like a missing channel.
    const isHidden = !READ_SCOPES.every((scope) => granted.includes(scope));
    if (isPlatformError(error, 'missing_scope')) return untold(named);
    if (!isPlatformError(error, 'channel_not_found')) {
      return inSlack(named.variable, error, slack.host);
    }
    return isHidden ? seen(slack, named).catch(() => unseen(named)) : unseen(named);
  }
}

const Channel = z.object({
  name: z.string().catch(''),
  is_member: z.boolean().optional(),
  is_private: z.boolean().optional(),
  is_archived: z.boolean().optional(),
  is_ext_shared: z.boolean().optional(),
  is_pending_ext_shared: z.boolean().optional(),
  is_org_shared: z.boolean().optional(),
});
type Channel = z.output<typeof Channel>;

/** https://docs.slack.dev/reference/methods/conversations.info */
async function read(slack: SlackAccess, named: Named): Promise<Finding> {
  const answer = await slack.ask('conversations.info', { channel: named.id });
  const found = Channel.parse(answer.channel);
  return unusable(found, named) ?? readers(found, named);
}

function unusable({ is_archived, is_member, name }: Channel, named: Named): Finding | undefined {
  const symptom = 'a-channel-does-not-accept-messages';
  if (is_archived) {
    return failed(named.variable, `#${name} is archived`, {
      remedy: 'Use another channel.',
      symptom,
    });
  }
  if (is_member) return undefined;
  return failed(named.variable, `#${name}: the bot is not in it`, {
    remedy: `Invite it: type /invite @SecurID Desk in #${name}.`,
    symptom,
  });
}

/** Who can read what is posted there. */
function readers(found: Channel, { variable, isConfidential }: Named): Finding {
  const name = `#${found.name}`;
  if (found.is_ext_shared && isConfidential) {
    return failed(variable, `${name} is shared with another company, which can read it`, {
      remedy: 'Use a channel that is not shared.',
    });
  }
  if (found.is_ext_shared) {
    return warning(variable, `${name}: the bot is in it, and another company can read it`, PRIVATE);
  }
  if (found.is_pending_ext_shared) {
    return warning(variable, `${name}: another company is invited, and will be able to read it`, {
      remedy: 'Withdraw the invitation, or use a channel that is not shared.',
    });
  }
  const workspace = found.is_org_shared ? 'several workspaces' : 'the workspace';
  if (isConfidential && !found.is_private) {
    const everybody = `everybody in ${workspace} can read it`;
    return warning(variable, `${name}: the bot is in it, and ${everybody}`, PRIVATE);
  }
  const kind = found.is_private ? 'private' : 'public';
  const shared = found.is_org_shared ? ', in several workspaces of the organization' : '';
  return ok(variable, `${name}, ${kind}${shared}; the bot is in it`);
}

const PRIVATE = { remedy: 'Use a private channel, unless this is intended.' };

/**
 * Without a scope for it, only whether Slack has a channel that the bot could see. No message has this time.
 * @see https://docs.slack.dev/reference/methods/chat.getPermalink
 */
async function seen(slack: SlackAccess, named: Named): Promise<Finding> {
  try {
    await slack.ask('chat.getPermalink', { channel: named.id, message_ts: '1.000001' });
  } catch (error) {
    if (!isPlatformError(error, 'message_not_found')) throw error;
  }
  return untold(named);
}

const untold = ({ variable, id }: Named): Finding =>
  warning(variable, `${id}: the granted scopes do not show whether the bot is in it`, {
    remedy: 'Check its members in Slack: the bot has to be one of them, and nobody from outside.',
  });

const unseen = ({ variable, id }: Named): Finding =>
  failed(variable, `${id}: Slack has no such channel, or it is private and the bot is not in it`, {
    remedy: 'Copy the id from the channel’s details, and invite the bot there.',
    symptom: 'a-channel-does-not-accept-messages',
  });

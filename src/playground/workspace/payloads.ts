import { type Placed, withIds } from './elements.ts';
import type { Floor } from './floor.ts';
import type { Input, Message, Shown, SlackChannel, SlackPerson, View } from './types.ts';

/** Deprecated by Slack, but still sent. */
const VERIFICATION_TOKEN = 'verification-token';

/** What Slack sends to the app: https://docs.slack.dev/reference/interaction-payloads */
export function createPayloads({ appId, bot, channels, clock, team, views }: Floor) {
  const enterprise = team.enterpriseId ? { id: team.enterpriseId, name: team.domain } : null;
  const isOrgWide = team.isOrgWide ?? false;

  /** The workspace in which a person types. */
  const workspaceOf = ({ teamId = team.id }: SlackChannel) => {
    const { id, domain } = team.sisters?.find(({ id }) => id === teamId) ?? team;
    return { team_id: id, team_domain: domain };
  };

  const seconds = () => {
    const now = clock.now();
    return `${Math.floor(now / 1000)}.${String(now % 1000).padStart(3, '0')}000`;
  };

  const from = ({ id, name, teamId }: SlackPerson) => ({
    user: { id, username: name, name, team_id: teamId ?? team.id },
    // https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
    team: isOrgWide ? null : { id: team.id, domain: team.domain },
    api_app_id: appId,
    token: VERIFICATION_TOKEN,
    enterprise,
    is_enterprise_install: isOrgWide,
  });

  const inMessage = (message: Message) => ({
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: message.to !== undefined,
    },
    channel: {
      id: message.channel,
      name: nameOf(channels.find(({ id }) => id === message.channel)),
    },
    ...(!message.to && {
      message: {
        type: 'message',
        user: bot.userId,
        bot_id: bot.botId,
        app_id: appId,
        team: team.id,
        ts: message.ts,
        text: message.text,
        blocks: withIds(message.blocks),
      },
    }),
    state: { values: structuredClone(message.inputs) },
  });

  const inView = (view: View) => ({
    container: { type: 'view', view_id: view.id },
    view: views.wire(view),
  });

  return {
    command(
      person: SlackPerson,
      { channel, ...typed }: Typed & { channel: SlackChannel },
    ): Record<string, string> {
      return {
        token: VERIFICATION_TOKEN,
        ...workspaceOf(channel),
        ...(team.enterpriseId && {
          enterprise_id: team.enterpriseId,
          enterprise_name: team.domain,
        }),
        channel_id: channel.id,
        channel_name: nameOf(channel),
        user_id: person.id,
        user_name: person.name,
        command: typed.command,
        text: typed.text,
        api_app_id: appId,
        is_enterprise_install: String(isOrgWide),
        response_url: typed.responseUrl,
        trigger_id: typed.triggerId,
      };
    },

    action(
      person: SlackPerson,
      where: Shown,
      { placed, input, triggerId, responseUrl }: Acted,
    ): Record<string, unknown> {
      const { action_id, type, text, value, placeholder } = placed.element;
      return {
        type: 'block_actions',
        ...from(person),
        ...(where.kind === 'message' ? inMessage(where) : inView(where)),
        ...(responseUrl && { response_url: responseUrl }),
        trigger_id: triggerId,
        actions: [
          {
            action_id,
            block_id: placed.blockId,
            type,
            ...(type === 'button' && { text, ...(value !== undefined && { value }) }),
            ...(placeholder && { placeholder }),
            ...input,
            action_ts: seconds(),
          },
        ],
      };
    },

    submission(person: SlackPerson, view: View, triggerId: string): Record<string, unknown> {
      return {
        type: 'view_submission',
        ...from(person),
        trigger_id: triggerId,
        view: views.wire(view),
        response_urls: [],
      };
    },

    closing(person: SlackPerson, view: View): Record<string, unknown> {
      return {
        type: 'view_closed',
        ...from(person),
        view: views.wire(view),
        is_cleared: false,
      };
    },

    homeOpened(person: SlackPerson, channel: string): Record<string, unknown> {
      const home = views.home(person.id);
      return {
        type: 'event_callback',
        token: VERIFICATION_TOKEN,
        team_id: team.id,
        ...(team.enterpriseId && { enterprise_id: team.enterpriseId }),
        api_app_id: appId,
        event_id: `Ev${seconds()}`,
        event_time: Math.floor(clock.now() / 1000),
        authorizations: [
          {
            enterprise_id: team.enterpriseId ?? null,
            team_id: team.id,
            user_id: bot.userId,
            is_bot: true,
            is_enterprise_install: isOrgWide,
          },
        ],
        event: {
          type: 'app_home_opened',
          user: person.id,
          channel,
          tab: 'home',
          ...(home && { view: views.wire(home) }),
          event_ts: seconds(),
        },
      };
    },
  };
}

type Typed = { command: string; text: string; responseUrl: string; triggerId: string };

type Acted = { placed: Placed; input?: Input; triggerId: string; responseUrl: string };

const nameOf = (channel: SlackChannel | undefined) =>
  channel?.kind === 'channel' ? channel.name : 'directmessage';

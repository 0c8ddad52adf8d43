import type { Contents } from './contents.ts';
import { dispatches, find, type Placed } from './elements.ts';
import { createAnswers } from './exchange.ts';
import { buttonWarning, commandFailure, formWarning } from './failures.ts';
import type { Floor } from './floor.ts';
import { chosen, missing } from './inputs.ts';
import { createPayloads } from './payloads.ts';
import { concludeSubmission } from './submission.ts';
import { escapeTyped, plainTyped } from './typed.ts';
import type { Acknowledgement, Exchange, Input, Person, Shown, SlackChannel } from './types.ts';

const CHOICES = [
  ...['static_select', 'users_select', 'conversations_select', 'channels_select'],
  ...['multi_static_select', 'multi_users_select', 'multi_conversations_select'],
  ...['multi_channels_select', 'radio_buttons', 'checkboxes', 'overflow'],
  ...['datepicker', 'timepicker', 'datetimepicker'],
];

/** The elements that a person types into. */
const ENTRIES = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input'];

/** What a Slack client does for its user, and what it does not allow. */
export function createPerson(id: string, floor: Floor): Person {
  const { people, channels, messages, contents, views, triggers, responseUrls, deliver } = floor;
  const payloads = createPayloads(floor);

  const profile = () => {
    const found = people.find((one) => one.id === id);
    if (!found) throw new Error(`Nobody here is ${id}`);
    return found;
  };

  profile();

  const channelCalled = (wanted?: string): SlackChannel => {
    const mine = channels.filter(({ members }) => members.includes(id));
    const found = wanted ? mine.find((one) => one.id === wanted || one.name === wanted) : mine[0];
    if (!found) throw new Error(`${id} is not in ${wanted ?? 'any channel'}`);
    return found;
  };

  const mustSee = (where: Shown) => {
    const seen =
      where.kind === 'message'
        ? messages.seenBy(id, channelCalled(where.channel)).includes(where)
        : where === views.top(id) || where === views.home(id);
    if (!seen) throw new Error(`${id} does not see that ${where.kind} now`);
  };

  const begin = (what: string) => {
    const { came, read } = createAnswers(what);
    return { came, read, triggerId: triggers.issue(id, came) };
  };

  const act = async (where: Shown, placed: Placed, input?: Input): Promise<Exchange> => {
    const { came, read, triggerId } = begin(`${placed.element.action_id}`);
    if (where.kind === 'view') views.follow(where, came);
    const responseUrl =
      where.kind === 'message'
        ? responseUrls.issue({ channel: where.channel, user: id, message: where, came })
        : '';
    const details = { placed, triggerId, responseUrl, ...(input && { input }) };
    const acknowledged = await deliver('interactive', payloads.action(profile(), where, details));
    return { ...read, acknowledged, responseUrl, triggerId, ...buttonWarning(acknowledged) };
  };

  const store = (where: Shown, { blockId, element }: Placed, input: Input) => {
    where.inputs[blockId] = { ...where.inputs[blockId], [element.action_id]: input };
  };

  return {
    async types(text, { channel: wanted, linkEmails } = {}) {
      const [, command, rest = ''] = /^(\/\S+)\s*(.*)$/s.exec(text) ?? [];
      if (!command) throw new Error(`Not a slash command: ${text}`);
      const person = profile();
      const channel = channelCalled(wanted);
      const { came, read, triggerId } = begin(text);
      const responseUrl = responseUrls.issue({ channel: channel.id, user: id, came });
      const typed = {
        command,
        text: floor.settings.slashCommand.shouldEscape
          ? escapeTyped(rest.trimEnd(), floor, linkEmails)
          : plainTyped(rest.trimEnd(), floor),
        responseUrl,
        triggerId,
      };
      const delivered = await deliver(
        'slash_commands',
        payloads.command(person, { ...typed, channel }),
      );
      const { acknowledged, reply } = replyIn(delivered, contents);
      if (!acknowledged.ok) {
        const text = commandFailure(command, acknowledged);
        messages.post({ channel: channel.id, to: id, text, blocks: [] });
      } else if (reply) {
        const { inChannel, ...content } = reply;
        came(messages.post({ channel: channel.id, ...(!inChannel && { to: id }), ...content }));
      }
      return { ...read, acknowledged, responseUrl, triggerId };
    },

    async presses(where, label, { confirm, nth } = {}) {
      mustSee(where);
      const buttons = find(where, label, ['button']);
      if (buttons.length > 1 && nth === undefined) {
        throw new Error(`${buttons.length} buttons say “${label}”; pick one with nth`);
      }
      const placed = buttons[nth ?? 0];
      if (!placed) throw new Error(`Only ${buttons.length} buttons say “${label}”`);
      if (confirm === false && !placed.element.confirm) {
        throw new Error(`“${label}” does not ask for confirmation`);
      }
      return confirm === false ? nothingSent(label) : act(where, placed);
    },

    async chooses(where, label, wanted) {
      mustSee(where);
      const [placed] = find(where, label, CHOICES) as [Placed];
      const { type, action_id } = placed.element;
      if (/users_select$/.test(type) && !people.some((one) => one.id === wanted)) {
        throw new Error(`Nobody here is ${wanted}`);
      }
      const input = chosen(placed, wanted, where.inputs[placed.blockId]?.[action_id]);
      if (type !== 'overflow') store(where, placed, input);
      return dispatches(placed) ? act(where, placed, input) : undefined;
    },

    fills(where, label, text) {
      mustSee(where);
      const [placed] = find(where, label, ENTRIES) as [Placed];
      const { type, max_length: most = 3000 } = placed.element;
      if (text.length > most) throw new Error(`“${label}” takes no more than ${most} characters`);
      store(where, placed, { type, value: text === '' ? null : text });
    },

    async submits(view) {
      mustSee(view);
      if (!view.view.submit) throw new Error('This view has no submit button');
      const errors = missing(view.view.blocks, view.inputs);
      if (Object.keys(errors).length > 0) {
        return { ...(await nothingSent(view.id)), errors, closed: false };
      }
      const { came, read, triggerId } = begin(`submission of ${view.id}`);
      views.follow(view, came);
      const acknowledged = await deliver(
        'interactive',
        payloads.submission(profile(), view, triggerId),
      );
      const outcome = concludeSubmission(floor, view, acknowledged);
      if (outcome.view) views.follow(outcome.view, came);
      return { ...read, ...outcome, triggerId, ...formWarning(outcome.acknowledged) };
    },

    closes(view) {
      mustSee(view);
      const closing = payloads.closing(profile(), view);
      if (view.view.clear_on_close) views.clear(id);
      else views.close(view);
      if (view.view.notify_on_close) void deliver('interactive', closing);
    },

    view: () => views.top(id),

    async opensHome() {
      const { came, read, triggerId } = begin('app_home_opened');
      views.followHome(id, came);
      const acknowledged = await deliver('events_api', payloads.homeOpened(profile(), `D${id}`));
      return { ...read, acknowledged, responseUrl: '', triggerId };
    },
  };
}

/**
 * An acknowledgement may carry a message:
 * https://docs.slack.dev/interactivity/implementing-slash-commands
 */
function replyIn(acknowledged: Acknowledgement, contents: Contents) {
  if (!acknowledged.ok || acknowledged.body === '') return { acknowledged };
  const wanted = read(acknowledged.body);
  if (Object.keys(wanted).length === 0) return { acknowledged };
  const content = contents.read(wanted);
  if (!('error' in content)) {
    const inChannel = wanted.response_type === 'in_channel';
    return { acknowledged, reply: { ...content, inChannel } };
  }
  const complaints = content.messages ?? [content.error];
  const error = 'invalid_response' as const;
  return { acknowledged: { ...acknowledged, ok: false, error, complaints } };
}

function read(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return parsed instanceof Object ? { ...parsed } : { text: body };
  } catch {
    return { text: body };
  }
}

async function nothingSent(label: string): Promise<Exchange> {
  return {
    acknowledged: { ok: true, status: 0, body: '', ms: 0 },
    answers: () => [],
    answer: () => Promise.reject(new Error(`“${label}”: nothing was sent to the app`)),
    responseUrl: '',
    triggerId: '',
  };
}

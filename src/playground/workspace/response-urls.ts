import type { Clock } from '../../clock.ts';
import type { Contents } from './contents.ts';
import type { Messages } from './messages.ts';
import type { Message, Shown } from './types.ts';

/** https://docs.slack.dev/interactivity/handling-user-interaction: 5 times within 30 minutes. */
const LIFE = 30 * 60_000;
const USES = 5;

type Issue = {
  channel: string;
  user: string;
  /** The message with the button. A slash command has none, so there is nothing to replace. */
  message?: Message;
  came: (shown: Shown) => void;
};
export type Reply = { status: number; body: string };

export type ResponseUrls = ReturnType<typeof createResponseUrls>;

type Parts = { clock: Clock; messages: Messages; contents: Contents; base: () => string };

export function createResponseUrls({ clock, messages, contents, base }: Parts) {
  const issued = new Map<string, Issue & { at: number; uses: number }>();

  function answer({ channel, user, message, came }: Issue, body: string): Reply {
    const wanted = parse(body);
    if (!wanted) return refusal(400, 'invalid_payload');

    if (message && wanted.delete_original === true) {
      if (message.deleted) return refusal(404, 'message_not_found');
      messages.remove(message);
      came(message);
      return done;
    }

    const content = contents.read(wanted);
    if ('error' in content) return refusal(400, content.error, content.messages);

    if (message && wanted.replace_original !== false) {
      if (message.deleted) return refusal(404, 'message_not_found');
      messages.replace(message, content);
      came(message);
      return done;
    }

    const to = wanted.response_type === 'in_channel' ? {} : { to: user };
    came(messages.post({ channel, ...to, ...content }));
    return done;
  }

  return {
    issue(target: Issue): string {
      const path = `/response/${issued.size + 1}`;
      issued.set(path, { ...target, at: clock.elapsed(), uses: 0 });
      return `${base()}${path}`;
    },
    use(path: string, body: string): Reply {
      const target = issued.get(path);
      if (!target || clock.elapsed() - target.at > LIFE) return refusal(404, 'expired_url');
      if (target.uses >= USES) return refusal(404, 'used_url');
      target.uses += 1;
      return answer(target, body);
    },
  };
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed && typeof parsed === 'object' && !Array.isArray(parsed)) return { ...parsed };
  } catch {}
  return undefined;
}

const done = { status: 200, body: 'ok' };

const refusal = (status: number, error: string, messages?: string[]): Reply => ({
  status,
  body: JSON.stringify({ ok: false, error, ...(messages && { response_metadata: { messages } }) }),
});

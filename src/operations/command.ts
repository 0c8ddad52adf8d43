import { closest, distance } from 'fastest-levenshtein';
import { sentence } from '../slack/blocks.ts';
import { answer, begin, type Request, refusalFor } from './call.ts';
import type { Arrival } from './conclude.ts';
import { usage } from './help/view.ts';
import type { Operation, Services } from './operation.ts';
import { hasRole } from './roles.ts';
import { splitWords } from './words.ts';

/** The slash command, as `manifest.yml` registers it. */
export const COMMAND = '/securid';

/** What Slack sends for a slash command, as far as it is used. */
export type SlashCommand = {
  text?: string;
  user_id: string;
  team_id: string;
  channel_id: string;
  response_url: string;
  trigger_id: string;
};

export type OpenHome = (request: Request, triggerId: string) => Promise<void>;

/** `/securid`: reads the words, finds the operation, checks the role, answers. */
export function createCommand(services: Services, operations: Operation[], openHome: OpenHome) {
  const find = (word: string) =>
    operations.find(({ name, aliases }) => name === word || aliases.includes(word));

  return async (command: SlashCommand, arrival?: Arrival): Promise<void> => {
    const text = command.text ?? '';
    const words = splitWords(text);
    // A text that is no command may still begin like one; its usage line then helps most.
    const [first = '', ...rest] = words ?? text.trim().slice(0, 40).split(/\s/, 1);
    const operation = find(first.toLowerCase());
    const request = {
      what: operation?.name ?? (first ? 'unknown command' : 'home'),
      userId: command.user_id,
      teamId: command.team_id,
      channelId: command.channel_id,
      responseUrl: command.response_url,
      arrival,
    };
    if (first === '') return openHome(request, command.trigger_id);

    const call = await begin(services, request);
    await answer(services, call, async () => {
      const role = operation ? operation.role : 'any';
      const refusal = refusalFor(services, call, role);
      if (refusal) return refusal;
      if (!operation) {
        call.course.outcome = 'not understood';
        const mine = operations.filter(({ role }) => hasRole(call.standing, role));
        return unknown(first, mine);
      }

      const task = words ? operation.typed(rest) : 'usage';
      if (typeof task === 'function') return task(call);
      call.course.outcome = 'not understood';
      return task === 'usage' ? usage(operation) : task.problem;
    });
  };
}

/** The nearest name is offered only where it is near: a typing mistake, not another word. */
function unknown(word: string, operations: Operation[]) {
  const names = operations.flatMap(({ name, aliases }) => [name, ...aliases]);
  const nearest = closest(
    word.toLowerCase(),
    names.filter((name) => name !== '?'),
  );
  const isNear = distance(word.toLowerCase(), nearest) <= Math.max(2, nearest.length / 3);
  const offer = isNear ? ` Did you mean \`/securid ${nearest}\`?` : '';
  return sentence(`There is no such command.${offer} \`/securid help\` lists them all.`);
}

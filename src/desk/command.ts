import { answer, begin, refusalFor, type SlackRequest } from './call.ts';
import { createMeaning, type Meaning } from './meaning.ts';
import type { Suggestion } from './nearest.ts';
import type { Call, DeskServices, Operation } from './operation.ts';
import type { Arrival } from './progress.ts';
import { hasRole } from './roles.ts';
import { takenForUserName, unknown, withSearches } from './suggestions.ts';
import { taskFor } from './typed.ts';

/** The slash command, as `manifest.yml` registers it. */
export const COMMAND = '/securid';

/** The parts of Slack's slash command that are used. */
export type SlashCommand = {
  text?: string;
  user_id: string;
  team_id?: string | null;
  enterprise_id?: string | null;
  channel_id: string;
  response_url: string;
  trigger_id: string;
};

export type OpenHome = (request: SlackRequest, triggerId: string) => Promise<void>;

/** `/securid`: reads the words, finds what they mean, checks the role, answers. */
export function createCommand(services: DeskServices, operations: Operation[], openHome: OpenHome) {
  const meaningOf = createMeaning(operations);

  return async (command: SlashCommand, arrival?: Arrival): Promise<void> => {
    const meaning = meaningOf(command.text ?? '');
    const request = {
      what: nameOf(meaning),
      userId: command.user_id,
      teamId: command.team_id || undefined,
      enterpriseId: command.enterprise_id || undefined,
      channelId: command.channel_id,
      responseUrl: command.response_url,
      arrival,
    };
    void services.whereabouts.typed(request);
    if ('form' in meaning) return openHome(request, command.trigger_id);

    const call = await begin(services, request);
    await answer(services, call, async () => {
      const role = 'operation' in meaning ? meaning.operation.role : 'any';
      return refusalFor(services, call, role) ?? say(meaning, call);
    });
  };

  async function say(meaning: Exclude<Meaning, { form: true }>, call: Call) {
    const { access, progress } = call;
    const mayDo = ({ operation }: Suggestion) => hasRole(access, operation.role);
    const { seal } = services.slack;
    if ('operation' in meaning) {
      const { operation, words, searches = [] } = meaning;
      const message = await taskFor(operation, words)(call);
      return searches.length > 0 ? withSearches(message, searches.filter(mayDo), seal) : message;
    }
    if ('guess' in meaning && hasRole(access, meaning.guess.role)) {
      return takenForUserName(await taskFor(meaning.guess, meaning.words)(call));
    }
    progress.outcome = 'not understood';
    if ('sentence' in meaning) return meaning.sentence;
    return unknown(meaning.suggestions.filter(mayDo), seal);
  }
}

/** The name for the log and the metrics. */
function nameOf(meaning: Meaning): string {
  if ('form' in meaning) return 'home';
  if ('operation' in meaning) return meaning.operation.name;
  return 'guess' in meaning ? meaning.guess.name : 'unknown command';
}

import type { Floor } from './floor.ts';
import type { Acknowledgement, Submission, View, ViewDefinition } from './types.ts';
import { validateView } from './validate.ts';

type Outcome = Pick<Submission, 'acknowledged' | 'errors' | 'closed' | 'view'>;

/**
 * What Slack does with the app's answer to a submitted view:
 * https://docs.slack.dev/surfaces/modals#close_current_view
 */
export function concludeSubmission(
  { views }: Floor,
  view: View,
  acknowledged: Acknowledgement,
): Outcome {
  if (!acknowledged.ok) return { acknowledged, closed: false };
  if (acknowledged.body === '') {
    views.close(view);
    return { acknowledged, closed: true };
  }

  const answer = read(acknowledged.body);
  const complaints = complaintsAbout(answer, view);
  if (answer.response_action === 'push' && views.full(view.user)) {
    complaints.push('push_limit_reached');
  }
  if (complaints.length > 0) {
    const refused = { ...acknowledged, ok: false, error: 'invalid_response' as const, complaints };
    return { acknowledged: refused, closed: false };
  }

  switch (answer.response_action) {
    case 'errors':
      return { acknowledged, closed: false, errors: answer.errors as Record<string, string> };
    case 'clear':
      views.clear(view.user);
      return { acknowledged, closed: true };
    case 'push': {
      const pushed = views.push(view.user, answer.view as ViewDefinition);
      return { acknowledged, closed: false, view: pushed };
    }
    default:
      views.update(view, answer.view as ViewDefinition);
      return { acknowledged, closed: false, view };
  }
}

type Answer = { response_action?: unknown; errors?: unknown; view?: unknown };

function read(body: string): Answer {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

function complaintsAbout({ response_action, errors, view }: Answer, submitted: View): string[] {
  switch (response_action) {
    case 'clear':
      return [];
    case 'update':
    case 'push':
      return validateView(view);
    case 'errors':
      return complaintsAboutErrors(errors, submitted);
    default:
      return [`response_action ${response_action} is unknown`];
  }
}

/** Slack shows an error only below an input block that exists. */
function complaintsAboutErrors(errors: unknown, submitted: View): string[] {
  const named = Object.entries(errors instanceof Object ? errors : {});
  if (named.length === 0) return ['errors: names no block'];
  const inputs = submitted.view.blocks.filter(({ type }) => type === 'input');
  return named.flatMap(([blockId, text]) => {
    if (!inputs.some(({ block_id }) => block_id === blockId)) {
      return [`errors: there is no input block ${blockId}`];
    }
    return typeof text === 'string' && text !== '' ? [] : [`errors/${blockId}: needs a text`];
  });
}

import type { Floor, Method, Params } from './floor.ts';
import type { View, ViewDefinition } from './types.ts';
import { validateView } from './validate.ts';

/** views.*: https://docs.slack.dev/reference/methods/views.open and the methods beside it */
export function viewMethods({ people, triggers, views }: Floor): Record<string, Method> {
  const refusalOf = ({ view }: Params, type: ViewDefinition['type'], itself?: View) => {
    const complaints = validateView(view);
    if (complaints.includes('view: view_too_large')) return { error: 'view_too_large' };
    const wanted = view as ViewDefinition;
    if (complaints.length === 0 && wanted.type !== type) complaints.push(`view: not a ${type}`);
    if (complaints.length > 0) {
      const messages = complaints.map((complaint) => `[ERROR] ${complaint}`);
      return { error: 'invalid_arguments', response_metadata: { messages } };
    }
    const twin = wanted.external_id && views.find({ external_id: wanted.external_id });
    return twin && twin !== itself ? { error: 'duplicate_external_id' } : undefined;
  };

  const show = (place: 'open' | 'push', params: Params) => {
    const refusal = refusalOf(params, 'modal');
    if (refusal) return refusal;
    const trigger = triggers.exchange(params.trigger_id);
    if (typeof trigger === 'string') return { error: trigger };
    const { user, came } = trigger;
    if (place === 'push' && !views.top(user)) return { error: 'not_found' };
    if (place === 'push' && views.full(user)) return { error: 'push_limit_reached' };
    const view = views[place](user, params.view as ViewDefinition);
    views.follow(view, came);
    came(view);
    return { view: views.wire(view) };
  };

  return {
    'views.open': (params) => show('open', params),

    'views.push': (params) => show('push', params),

    'views.update': (params) => {
      const view = views.find(params);
      if (!view) return { error: 'not_found' };
      const refusal = refusalOf(params, view.view.type, view);
      if (refusal) return refusal;
      if (params.hash && params.hash !== view.hash) return { error: 'hash_conflict' };
      views.update(view, params.view as ViewDefinition);
      views.tell(view);
      return { view: views.wire(view) };
    },

    'views.publish': (params) => {
      const user = people.find(({ id }) => id === params.user_id);
      if (!user) return { error: 'user_not_found' };
      const home = views.home(user.id);
      const refusal = refusalOf(params, 'home', home);
      if (refusal) return refusal;
      if (params.hash && params.hash !== home?.hash) return { error: 'hash_conflict' };
      const view = views.publish(user.id, params.view as ViewDefinition);
      views.tell(view);
      return { view: views.wire(view) };
    },
  };
}

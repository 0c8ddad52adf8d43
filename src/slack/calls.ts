/** The Slack methods and URLs that are called, apart from sockets. */
export const SLACK_METHODS = [
  'auth.teams.list',
  'auth.test',
  'chat.postMessage',
  'chat.update',
  'files.completeUploadExternal',
  'files.getUploadURLExternal',
  'usergroups.users.list',
  'users.info',
  'users.lookupByEmail',
  'views.open',
  'views.update',
  'upload_url',
  'response_url',
] as const;

export type SlackOutcome = 'ok' | 'refused' | 'failed';

type Options = {
  fetch: typeof globalThis.fetch;
  /** The method that a URL belongs to. */
  methodOf: (url: string) => string;
  onAnswer: (method: string, outcome: SlackOutcome) => void;
  /** Called with the token's scopes when Slack sends them. */
  onScopes: (scopes: string) => void;
};

/** A fetch that reports how Slack answered. */
export function watchSlack(options: Options): typeof globalThis.fetch {
  const { fetch, methodOf, onAnswer, onScopes } = options;
  return async (input, init) => {
    const method = methodOf(
      typeof input === 'object' && 'url' in input ? input.url : String(input),
    );
    try {
      const response = await fetch(input, init);
      const scopes = method === 'upload_url' ? null : response.headers.get('x-oauth-scopes');
      if (scopes !== null) onScopes(scopes);
      onAnswer(method, await outcomeOf(response.clone()));
      return response;
    } catch (error) {
      onAnswer(method, 'failed');
      throw error;
    }
  };
}

/** URLs below the Web API's are its methods; anything else is a file upload. */
export const webApiMethod = (apiUrl: string) => (url: string) =>
  url.startsWith(apiUrl) ? (url.slice(apiUrl.length).split('?', 1)[0] ?? '') : 'upload_url';

/** Slack answers most refusals with 200. */
async function outcomeOf(response: Response): Promise<SlackOutcome> {
  if (response.status >= 500) return 'failed';
  const said = await response.text();
  return response.ok && !/^\s*\{\s*"ok":\s*false/.test(said) ? 'ok' : 'refused';
}

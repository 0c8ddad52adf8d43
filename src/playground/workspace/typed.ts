import type { SlackChannel, SlackGroup, SlackPerson } from './types.ts';

type Known = { people: SlackPerson[]; groups: SlackGroup[]; channels: SlackChannel[] };

const TOKENS =
  /(?<token><(?:@[UW][A-Z0-9]+|mailto:[^<>|]*|tel:[^<>|]*|https?:[^<>|]*)(?:\|[^<>]*)?>)|(?<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<![\w.])(?<name>[@#][\w.-]+)|(?<special>[&<>])/g;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What a person typed, as a command without `should_escape` sends it: names in place of ids. */
export const plainTyped = (text: string, { people }: Pick<Known, 'people'>): string =>
  text.replace(/<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>/g, (token, id) => {
    const person = people.find((one) => one.id === id);
    return person ? `@${person.name}` : token;
  });

/**
 * What a person typed, as a command with `should_escape` sends it. A mention or a link may also be typed in
 * Slack's escaped form: https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export function escapeTyped(text: string, known: Known, linkEmails = false): string {
  return text.replace(TOKENS, (token, ...rest) => {
    const { token: asSent, email, name } = rest.at(-1) as Record<string, string | undefined>;
    if (asSent) return token;
    if (email) return linkEmails ? `<mailto:${email}|${email}>` : email;
    if (name) return named(name, known);
    return ENTITIES[token] ?? token;
  });
}

/** Punctuation may follow a name. */
function named(token: string, { people, groups, channels }: Known): string {
  const name = token.slice(1).replace(/[.-]+$/, '');
  const rest = token.slice(1 + name.length);
  if (token.startsWith('#')) {
    const channel = channels.find((one) => one.kind === 'channel' && one.name === name);
    return channel ? `<#${channel.id}|${name}>${rest}` : token;
  }
  const person = people.find((one) => one.name === name);
  if (person) return `<@${person.id}|${name}>${rest}`;
  const group = groups.find((one) => one.handle === name);
  return group ? `<!subteam^${group.id}|@${name}>${rest}` : token;
}

import { unescapeMrkdwn } from './mrkdwn.ts';

/** What Slack put in angle brackets: `<target>` or `<target|label>`. */
const TOKEN = /<([^<>|]*)(?:\|([^<>]*))?>/g;
/** Splits an address link from the word before it. */
const STUCK = /(?<=[\p{L}\p{N}])(?=<mailto:)/giu;
const LINK = /^(mailto|tel|https?):/i;

/** Stands for a link whose label says something else than its target. */
const MISLEADING = '<>';

/**
 * A command's text as its reader sees it: Slack's automatic links give their label. Mentions, groups and
 * channels stay in angle brackets, each a word of its own.
 * @see https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export function asTyped(text: string): string {
  const typed = text
    .replace(STUCK, ' ')
    .replace(TOKEN, (token: string, target: string, label: string | undefined) => {
      if (/^[@#!]/.test(target)) return ` <${target}${nameIn(label)}> `;
      const [, scheme = ''] = LINK.exec(target) ?? [];
      if (scheme === '') return token;
      return linkText(scheme.toLowerCase(), unescapeMrkdwn(target), unescapeMrkdwn(label ?? ''));
    });
  return unescapeMrkdwn(typed);
}

/** The name that Slack adds to an id, without characters that would end the brackets or the word. */
const nameIn = (label = '') => {
  const name = label.replace(/&\w+;|[^\p{L}\p{M}\p{N}@._-]/gu, '');
  return name && `|${name}`;
};

/** The label, if the link leads where it says. */
function linkText(scheme: string, target: string, label: string): string {
  if (scheme === 'tel') return label || target.slice('tel:'.length);
  if (scheme !== 'mailto') return !label || leadsTo(target, label) ? label || target : MISLEADING;

  const address = decoded(target.slice('mailto:'.length).replace(/\?.*$/s, ''));
  // A link to several people means none of them.
  if (/[,;]/.test(address)) return MISLEADING;
  if (!label.includes('@')) return address;
  return spelling(label) === spelling(address) ? label : MISLEADING;
}

const leadsTo = (target: string, label: string) =>
  target === `${target.slice(0, target.indexOf(':'))}://${label}` ||
  [label, `${target.slice(0, target.indexOf(':'))}://${label}`].some(
    (url) => URL.canParse(url) && URL.canParse(target) && hrefOf(url) === hrefOf(target),
  );

const hrefOf = (url: string) => new URL(url).href;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const spelling = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}|^mailto:/giu, '')
    .replace(/[‘’ʼ´`]/g, "'")
    .trim()
    .toLowerCase();

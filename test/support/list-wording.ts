import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slackCompany } from '../../src/playground/company.ts';
import { tenantRecords } from '../../src/playground/tenant-records.ts';
import { OUTPUT } from './printed.ts';
import { isWanted, WORDING } from './wording.ts';

/** After the stories, prints every sentence that they showed, each once. */
export default function listWording(): (() => void) | undefined {
  return isWanted ? () => process.stdout.write(`\n${sentences().join('\n')}\n`) : undefined;
}

function sentences(): string[] {
  const texts = readdirSync(OUTPUT)
    .filter((name) => name.startsWith(WORDING))
    .flatMap((name) => readFileSync(join(OUTPUT, name), 'utf8').trimEnd().split('\n'))
    .flatMap((line): string[] => String(JSON.parse(line)).split('\n'));
  const names = namesOf();
  const lines = texts.map((text) => plain(text, names)).filter((text) => /\p{L}{2}/u.test(text));
  return [...new Set(lines)].sort((a, b) => a.localeCompare(b, 'en'));
}

/** Replaces what differs from story to story: names, addresses, numbers, times. */
const plain = (text: string, names: RegExp): string =>
  text
    .replace(/<[@#!][^>]*>/g, (token) => (token.startsWith('<!date') ? '{time}' : '{name}'))
    .replace(/[^\s`"“(<]+@[^\s`"”,;)>]+\.[a-z]+/gi, '{address}')
    .replace(names, '{name}')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '{id}')
    .replace(/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/g, '{incident}')
    .replace(/\b\d{4}-\d{2}-\d{2}\b/g, '{date}')
    .replace(/\b[0-9a-f]{8,}\b/g, '{id}')
    .replace(/\b[A-Z][A-Z0-9]{7,}\b/g, '{id}')
    .replace(MONTHS, '{month}')
    .replace(/\d+([.,’ ]\d+)*/g, '{n}')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();

const MONTHS =
  /\b(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g;

/** Full names before their parts. */
function namesOf(): RegExp {
  const people = tenantRecords().users.flatMap(({ firstName, lastName }) => [
    `${firstName} ${lastName}`,
    String(firstName),
  ]);
  const inSlack = slackCompany().people.filter(({ isBot }) => !isBot);
  const names = [...inSlack.map(({ realName }) => realName), ...people].filter(
    (name) => name.length > 2 && !/[^\p{L} ]/u.test(name) && !name.includes('undefined'),
  );
  return new RegExp(`(?<!\\p{L})(${[...new Set(names)].join('|')})(?!\\p{L})`, 'gu');
}

import type { types } from '@slack/bolt';
import { nameOf } from '../../desk/user.ts';
import type { Authenticators, UserDetails } from '../../securid/index.ts';
import {
  type Block,
  context,
  header,
  type Message,
  paragraph,
  rowsThatFit,
  sentence,
  table,
  verbatim,
  verbatimContext,
} from '../../slack/blocks.ts';
import { escapeMrkdwn } from '../../slack/mrkdwn.ts';
import { FAMILIES, inOrder, line, type Row, registered, SINGULAR } from './rows.ts';

type Owner = UserDetails | { id: string };

type Shown = {
  owner: Owner;
  found: Authenticators;
  /** Whether browsers were asked for. */
  browsers: boolean;
  /** What can be done with the entries. */
  below: Block[];
  /** How many entries have no button for it. */
  left: number;
  /** In milliseconds since 1970; decides which tokens have expired. */
  now: number;
};

/** Nobody reads more rows than this in a message. */
const MOST_ROWS = 50;
/** A line without the table has at most about 310 characters, and a section takes 3000. */
const SECTION_LINES = 9;

/** A user's authenticators as a table, newest first within each family. */
export function authenticators({ owner, found, browsers, left, now, ...rest }: Shown): Message {
  const rows = inOrder(found, now);
  const newest = rows.slice(0, MOST_ROWS);
  const inTable = newest.slice(0, rowsThatFit([HEAD, ...newest.map(cells)]));
  const name = 'emailAddress' in owner ? nameOf(owner) : `user ${owner.id}`;
  const counts = count(rows, browsers);
  const top = [
    header(`Authenticators of ${name}`),
    verbatimContext([...whose(owner), counts].join(' · ')),
  ];
  const below = (shown: Row[]): Block[] => [
    ...leftOut(rows, shown.length),
    ...rest.below,
    ...(left > 0 ? [context(noButton(left))] : []),
  ];
  const list = (shown: Row[], as: (rows: Row[]) => types.KnownBlock[]): Block[] => [
    ...top,
    ...(rows.length > 0 ? as(shown) : [NONE]),
    ...below(shown),
  ];

  return {
    text: `Authenticators of ${escapeMrkdwn(name)}: ${counts}`,
    blocks: list(inTable, asTable),
    fallback: { blocks: list(newest, asSections) },
  };
}

const HEAD = ['Authenticator', 'Kind', 'Details', 'Registered'];

const cells = (row: Row) => [row.name, row.kind, row.details, registered(row)];

const asTable = (rows: Row[]) => [
  table([HEAD, ...rows.map(cells)], [{ wrap: true }, {}, { wrap: true }, {}]),
];

function asSections(rows: Row[]): types.KnownBlock[] {
  return FAMILIES.flatMap((family) => {
    const lines = rows.filter((row) => row.family === family).map(line);
    const blocks: types.KnownBlock[] = lines.length > 0 ? [paragraph(`*${family}*`)] : [];
    for (let start = 0; start < lines.length; start += SECTION_LINES) {
      blocks.push(verbatim(lines.slice(start, start + SECTION_LINES).join('\n')));
    }
    return blocks;
  });
}

function whose(owner: Owner): string[] {
  if (!('emailAddress' in owner)) return [];
  return [owner.emailAddress ?? owner.principalUsername ?? '', owner.userStatus ?? ''].filter(
    Boolean,
  );
}

function count(rows: Row[], browsers: boolean): string {
  const parts = FAMILIES.map((family) => {
    const number = rows.filter((row) => row.family === family).length;
    return (
      number > 0 &&
      `${number} ${number === 1 ? SINGULAR[family] : family.toLowerCase().replace('fido', 'FIDO')}`
    );
  }).filter(Boolean);
  const counted = parts.join(', ') || 'none registered';
  return browsers ? counted : `${counted} (browsers not shown)`;
}

const NONE = paragraph('No authenticators registered.');

const noButton = (left: number) =>
  `${left === 1 ? 'One entry has' : `${left} entries have`} no button here. The Cloud Administration Console can change ${left === 1 ? 'it' : 'them'}.`;

/** Says which rows the message leaves out. The newest of each family come first. */
function leftOut(rows: Row[], shown: number): types.KnownBlock[] {
  if (rows.length <= shown) return [];
  const families = FAMILIES.flatMap((family) => {
    const missing = rows.slice(shown).filter((row) => row.family === family).length;
    if (missing === 0) return [];
    const one = SINGULAR[family];
    return [missing === 1 ? `the oldest ${one}` : `the ${missing} oldest ${one}s`];
  });
  return [
    paragraph(
      `Showing ${shown} of ${rows.length}. Left out: ${families.join(', ')}. The Cloud Administration Console lists them all.`,
    ),
  ];
}

export const noSuchUser = (userId: string): Message =>
  sentence(`SecurID has no user with the id \`${userId}\`.`);

export const nothingOrNobody = (userId: string): Message =>
  sentence(
    `SecurID has no user with the id \`${userId}\`, or nothing is registered for that user.`,
  );

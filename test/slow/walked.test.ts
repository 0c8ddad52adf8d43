import { expect, it } from 'vitest';
import { switchesOf } from '../../src/guard/change/changes.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import { ALAN, APPROVALS, MIRA, SECURITY } from '../../src/playground/company.ts';
import { ds100, fidoKey, phone, sid700 } from '../../src/playground/tenant-records.ts';
import type { Exchange, Person, Shown, View } from '../../src/playground/workspace/index.ts';
import { atRest } from '../support/at-rest.ts';
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts';
import { objectsIn } from '../support/nested.ts';

/** Whose cards are walked through: what is shown is pressed, and what is asked is filled in. */
const WHO = 'alan@acme.test';
const SERIAL = '000000900042';
const DS100 = '014010900042';

const COMMANDS = [
  ...['user', 'authenticators', 'history', 'code', 'unlock', 'delete', 'emergency'].map(
    (name) => `${name} @alan`,
  ),
  ...['disable', 'enable', 'sync', 'unblock', 'audit'].map((name) => `${name} @alan`),
  ...['', ' disable @alan', ' enable @alan', ' clear-pin @alan', ' unassign @alan'].map(
    (words) => `token ${SERIAL}${words}`,
  ),
  `token ${DS100}`,
  'token 000000900002',
  'token 000000900002 assign @alan',
  'find acme',
  'usr alan',
  `user somebody@else.test`,
];

/** Each is longer than some place in Slack, or grows on the way there. */
const TEXTS: Record<string, string> = {
  '4,000 letters': 'x'.repeat(4000),
  'letters of three bytes': '電'.repeat(300),
  'letters of four bytes': '😈'.repeat(300),
  'what JSON escapes': '\u0000"\\\n'.repeat(60),
  'what Slack escapes': '<!channel>&*_~`:x:'.repeat(40),
};

type Field = Record<string, unknown>;
type Holders = Record<'user' | 'phone' | 'key' | 'token' | 'ds100' | 'event', Field>;

/** Alan, with an authenticator of each kind. */
function equip({ tenant }: HelpDesk): Holders {
  const { records } = tenant;
  const alan = records.users.find(({ emailAddress }) => emailAddress === WHO);
  const event = records.authLogs?.find(({ userId }) => userId !== alan?.id);
  if (!alan || !event) throw new Error('Alan is gone');
  Object.assign(alan, {
    isTokenLocked: true,
    smsNumber: '+1 202 555 0143',
    emergencyAccessStatus: 'Enabled',
    emergencyTokencodeId: '3c0f5a1e-5b8d-4f2a-9d6c-7e1b2a4c8d90',
  });
  const { id: userId } = alan;
  const own = {
    phone: phone({ userId, name: 'Phone' }),
    key: fidoKey({ userId, name: 'Key' }),
    token: sid700({ userId, tokenSerialNumber: SERIAL, tokenStatus: 'Disabled' }),
    ds100: ds100({ userId, tokenSerialNumber: DS100 }),
    event: { ...event, userId },
  };
  records.devices.push(own.phone);
  records.fidoTokens.push(own.key, fidoKey({ userId, name: 'Spare', status: 'Disabled' }));
  records.tokens.push(own.token, own.ds100);
  records.authLogs?.push(own.event);
  return { user: alan, ...own };
}

/** Fields that are set in walks of their own, since they would hide others. All other texts are set at once. */
const ALONE: Record<string, string[]> = {
  'the ids': ['phone.id', 'key.id', 'ds100.deviceSerialNumber', 'user.emergencyTokencodeId'],
  'the serial numbers': ['token.tokenSerialNumber', 'ds100.tokenSerialNumber'],
  'the id of an owner': ['token.userId'],
  'the address': ['user.emailAddress'],
  'the id of the user': ['user.id'],
};
const REST = 'everything else';
/** By these the tenant knows what belongs to whom, and what kind it is of. */
const KEPT = [
  'phone.userId',
  'key.userId',
  'ds100.userId',
  'event.userId',
  'user.principalUsername',
];
const DATES = /date|At$|time|expir/i;

function spoil(holders: Holders, wanted: string, text: string): void {
  for (const [holder, fields] of Object.entries(holders)) {
    for (const [name, value] of Object.entries(fields)) {
      const path = `${holder}.${name}`;
      const isText = typeof value === 'string' && !DATES.test(name) && !KEPT.includes(path);
      const isAlone = Object.values(ALONE).flat().includes(path);
      if (wanted === REST ? isText && !isAlone : ALONE[wanted]?.includes(path)) fields[name] = text;
    }
  }
}

type Element = { type: string; action_id: string; text?: { text: string }; options?: Option[] };
type Option = { value: string; text: { text: string } };

const blocksOf = (shown: Shown) => (shown.kind === 'message' ? shown.blocks : shown.view.blocks);
const elementsIn = (shown: Shown) =>
  objectsIn(blocksOf(shown)).filter(
    ({ type, action_id }) => typeof type === 'string' && action_id !== undefined,
  ) as Element[];

/** As much of a text as fits, with no letter cut in half. */
function fitting(text: string, most: number): string {
  let fit = '';
  for (const letter of text) if (fit.length + letter.length <= most) fit += letter;
  return fit;
}

const NOTHING = { answers: () => [] };

function createWalk(desk: HelpDesk, text: string) {
  const { workspace, clock } = desk;
  const done = new Set<string>();
  const silent: string[] = [];
  const people: Record<string, string> = {
    [APPROVALS]: MIRA,
    [SECURITY]: MIRA,
    [`D${ALAN}`]: ALAN,
  };
  let read = 0;

  async function settle(): Promise<void> {
    await atRest();
    // What is posted to one channel is a second apart.
    clock.advance(1000);
    await atRest();
  }

  /** Reads what came after a press, or after a form that the press had opened. */
  async function follow(person: Person, what: string, came: Pick<Exchange, 'answers'>, before = 0) {
    await settle();
    const shown = came.answers().slice(before);
    if (shown.length === 0) silent.push(what);
    for (const one of new Set(shown)) await explore(person, one, came);
    for (; read < workspace.messages.length; read += 1) {
      const message = workspace.messages[read];
      const reader = message && !message.to && people[message.channel];
      if (message && reader) await explore(workspace.person(reader), message);
    }
  }

  /** Presses or chooses the first thing that was not tried before. */
  async function tryOne(person: Person, where: Shown): Promise<boolean> {
    for (const { type, action_id, text, options = [] } of elementsIn(where)) {
      const all = type === 'overflow' ? options : options.slice(0, 1);
      const wanted = type === 'button' ? [undefined] : all;
      for (const option of wanted) {
        const what = `${text?.text} ${action_id} ${option?.text.text}`;
        if (done.has(what)) continue;
        done.add(what);
        const came = option
          ? await person.chooses(where, action_id, option.value)
          : await person.presses(where, action_id, { nth: 0 });
        if (came) await follow(person, what, came);
        return true;
      }
    }
    return false;
  }

  async function explore(
    person: Person,
    shown: Shown,
    came: Pick<Exchange, 'answers'> = NOTHING,
  ): Promise<void> {
    if (shown.kind === 'view') return fillIn(person, shown, came);
    while (!shown.deleted && (await tryOne(person, shown))) {
      // Until everything was tried.
    }
  }

  /** Once with the text, and if that is not taken, with what is. */
  async function fillIn(person: Person, view: View, came: Pick<Exchange, 'answers'>) {
    if (view.closed || !view.view.submit) return;
    for (const words of [text, 'INC-4711']) {
      for (const { type, action_id, options = [], ...more } of elementsIn(view)) {
        const [option] = options;
        const most = (more as { max_length?: number }).max_length ?? 3000;
        if (type === 'plain_text_input') person.fills(view, action_id, fitting(words, most));
        else if (option) await person.chooses(view, action_id, option.value);
      }
      const before = came.answers().length;
      const { closed, errors } = await person.submits(view);
      const what = `submits ${view.view.callback_id}`;
      if (closed) return follow(person, what, came, before);
      if (!errors) silent.push(what);
    }
    person.closes(view);
  }

  return {
    silent,
    async type(person: Person, typed: string): Promise<void> {
      for (let more = true; more; ) {
        const came = await person.types(`/securid ${typed}`);
        await settle();
        const [shown] = came.answers();
        if (!shown) silent.push(typed);
        more = shown !== undefined && shown.kind === 'message' && (await tryOne(person, shown));
      }
    },
  };
}

/** What SecurID refuses is no fault of this app. */
const isDefect = ({ level, err }: Record<string, unknown>) =>
  Number(level) >= 50 && (err as { type?: string } | undefined)?.type !== 'SecurIDError';

/** The texts that grow most. */
const LONGEST = ['4,000 letters', 'letters of three bytes', 'what JSON escapes'];
const CASES = [
  ...Object.keys(TEXTS).map((name) => [name, REST] as const),
  ...LONGEST.flatMap((name) => Object.keys(ALONE).map((fields) => [name, fields] as const)),
];

it.each(CASES)('shows nothing that Slack would refuse, with %s in %s', async (name, fields) => {
  const text = TEXTS[name] ?? '';
  const isApproved = Object.keys(TEXTS).indexOf(name) % 2 === 1;
  const desk = await openHelpDesk({
    env: {
      SECURID_CHANGES: switchesOf(CHANGES).join(','),
      SECURID_APPROVERS: MIRA,
      SECURID_APPROVAL_CHANNEL: APPROVALS,
      SECURID_APPROVAL: isApproved ? 'always' : 'protected',
      SECURID_SECURITY_CHANNEL: SECURITY,
      SECURID_CODES_PER_AGENT_HOUR: '10000',
      SECURID_CODES_PER_TARGET_DAY: '10000',
      SECURID_CHANGES_PER_AGENT_HOUR: '10000',
      SECURID_PROTECTIONS_PER_AGENT_HOUR: '10000',
    },
  });
  spoil(equip(desk), fields, text);
  const profile = desk.workspace.people.find(({ id }) => id === ALAN);
  const alan = desk.tenant.records.users.find(
    ({ principalUsername }) => principalUsername === 'amertens',
  );
  if (profile && alan) profile.email = alan.emailAddress;
  const walk = createWalk(desk, text);

  for (const typed of COMMANDS) await walk.type(desk.agent, typed);

  expect(desk.logged().filter(isDefect)).toEqual([]);
  expect(desk.printed.filter((line) => /invalid_(blocks|arguments)|_too_l/.test(line))).toEqual([]);
  expect(walk.silent).toEqual([]);
});

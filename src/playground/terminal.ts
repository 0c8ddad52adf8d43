import { createInterface } from 'node:readline';
import * as company from './company.ts';
import { createScreen } from './screen.ts';
import { checkCommand, slashCommands } from './slash-commands.ts';
import type { Playground } from './start.ts';
import type { TenantRequest } from './tenant/index.ts';
import { userState } from './user-state.ts';
import type { Exchange, Shown, SlackChannel, Submission } from './workspace/index.ts';

export type TerminalStreams = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream };

const INTRODUCTION = `SecurID Desk, between a Slack workspace and a SecurID tenant in memory.
You are Jonas, a help-desk agent, in #help-desk. Five things to try:

  /securid authenticators grace@acme.test
  /securid code alan@acme.test ios        then: 1, fill in the form, and 5 to issue the code
  /securid unlock noor@acme.test          the same, with 4 to unlock
  /securid code edda@acme.test ios        the same; then: as mira, in securid-approvals, 1 and yes
  as mira                                 and then: /securid license

Whoever a code was for is notified: as alan, in dm.
A number presses a button or fills in a field (2 some text). More: help`;

const HELP = `  /securid …          type a command; /securid help lists them
  N                   press button N;  N TEXT fills in field N or chooses from it (N @grace picks a person)
  as jonas|mira|sana|alan|edda|nora|gil    be the agent, the manager and approver, security, an employee,
                      the CFO, somebody else without a role, a guest
  in CHANNEL          read the last message of help-desk, it-managers, securid-approvals, security or
                      securid-audit, and go there; in dm: what the bot wrote to you alone
  people              who is in the tenant and in Slack
  log                 what the bot has logged
  quit`;

const PEOPLE: Record<string, string> = {
  jonas: company.JONAS,
  mira: company.MIRA,
  alan: company.ALAN,
  sana: company.SANA,
  edda: company.EDDA,
  nora: company.NOBODY,
  gil: company.GUEST,
};

/** An answer may come in two steps. It is complete after this many milliseconds without another. */
const QUIET = 250;

/** A prompt for typing as a person in the workspace and reading what they see. Ends with the input. */
export async function runTerminal(playground: Playground, streams: TerminalStreams): Promise<void> {
  const { workspace, logged } = playground;
  const lines = createInterface({ ...streams, prompt: '' });
  const typed = lines[Symbol.asyncIterator]();
  const print = (text: string) => void streams.output.write(`${text}\n`);
  const tellTraffic = createTraffic(playground, print);
  const here = { person: company.JONAS, channel: company.HELP_DESK as string | undefined };

  const screen = createScreen({
    workspace,
    print,
    async confirmed(title, text) {
      print(`\n${title}\n${text}\nType yes to go on.`);
      const { value = '' } = await typed.next();
      return value.trim().toLowerCase() === 'yes';
    },
  });

  function show(shown: Shown): void {
    const isMine =
      shown.kind === 'view'
        ? shown.user === here.person && !shown.closed
        : workspace.seenBy(here.person, shown.channel).includes(shown);
    if (isMine) print(`\n${frame(heading(shown, playground), screen.draw(shown))}`);
  }

  const mine = () => workspace.channels.filter(({ members }) => members.includes(here.person));

  function enter(channel: SlackChannel | undefined): void {
    here.channel = channel?.id;
    const last = channel && workspace.seenBy(here.person, channel.id).at(-1);
    if (last) show(last);
  }

  function become(person: string): void {
    here.person = person;
    if (!mine().some(({ id }) => id === here.channel)) enter(mine()[0]);
  }

  function go(wanted: string): void {
    const name = wanted.replace('#', '');
    const channel = mine().find((one) => (name === 'dm' ? isWithBot(one) : one.name === name));
    if (channel) enter(channel);
    else print(name === 'dm' ? 'The bot has written nothing to you.' : `You are not in #${name}.`);
  }

  const commands = slashCommands();

  async function obey(line: string): Promise<void> {
    const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(line) ?? [];
    const person = workspace.person(here.person);
    if (word.startsWith('/')) {
      checkCommand(commands, line);
      await tellTraffic(await person.types(line, here.channel ? { channel: here.channel } : {}));
    } else if (/^\d+$/.test(word)) {
      const came = await screen.use(Number(word), rest, person);
      if (came) await tellTraffic(came);
    } else if (word === 'as' && PEOPLE[rest]) become(PEOPLE[rest]);
    else if (word === 'in' && rest) go(rest);
    else if (word === 'people') print(listPeople(playground));
    else if (word === 'log') print(logged.slice(-10).join('\n'));
    else if (word !== '') print(HELP);
  }

  function prompt(): void {
    const name = workspace.people.find(({ id }) => id === here.person)?.name;
    const channel = workspace.channels.find(({ id }) => id === here.channel);
    streams.output.write(`\n${name}${channel ? ` in ${called(channel)}` : ''}> `);
  }

  const stopWatching = workspace.watch(show);
  print(INTRODUCTION);
  prompt();
  for (let line = await typed.next(); !line.done; line = await typed.next()) {
    if (/^(quit|exit)$/.test(line.value.trim())) break;
    try {
      await obey(line.value.trim());
    } catch (error) {
      // Something that Slack's own client would not allow.
      print(error instanceof Error ? error.message : String(error));
    }
    prompt();
  }
  stopWatching();
  lines.close();
}

const isWithBot = ({ kind, members }: SlackChannel) =>
  kind === 'im' && members.includes(company.BOT.userId);

const called = (channel: SlackChannel) =>
  channel.kind === 'im' ? 'a direct message' : `#${channel.name}`;

/** Waits for what an interaction leads to, then prints the requests that have ended. */
function createTraffic({ tenant }: Playground, print: (text: string) => void) {
  const told = new Set<TenantRequest>();
  return async (came: Exchange | Submission): Promise<void> => {
    const { acknowledged, answer } = came;
    const errors = 'errors' in came ? came.errors : undefined;
    for (const problem of Object.values(errors ?? {})) print(problem);
    // A form's answer arrives at the command that opened it, so not here. Only the first wait is long.
    const first = 'closed' in came || !acknowledged.ok ? QUIET : 25_000;
    for (let wait = first; await arrives(answer, wait); wait = QUIET);

    const ended = tenant.requests.filter((one) => one.endedAt !== undefined && !told.has(one));
    for (const one of ended) told.add(one);
    const calls = ended.map(({ route, status }) => `${route} ${status ?? ''}`);
    print([`  acknowledged in ${Math.round(acknowledged.ms)} ms`, ...calls].join(' · '));
  };
}

const arrives = (answer: Exchange['answer'], wait: number) =>
  answer(wait).then(
    () => true,
    () => false,
  );

function heading(shown: Shown, { workspace }: Playground): string {
  if (shown.kind === 'view') return 'a form';
  if (shown.to) return 'Only visible to you';
  const channel = workspace.channels.find(({ id }) => id === shown.channel);
  return channel?.kind === 'im' ? 'a direct message' : `#${channel?.name}, visible to everybody`;
}

function frame(heading: string, text: string): string {
  const lines = text.split('\n').map((line) => `│ ${line}`);
  return [`┌ SecurID Desk · ${heading}`, ...lines, '└'].join('\n');
}

function listPeople({ tenant, workspace }: Playground): string {
  const users = tenant.records.users.map((user) =>
    [
      `  ${user.emailAddress.padEnd(20)} ${user.principalUsername.padEnd(10)}`,
      userState(user, tenant.records.devices).join(', '),
    ].join(' '),
  );
  const tokens = tenant.records.tokens.map(
    ({ tokenSerialNumber, tokenState, tokenStatus }) =>
      `  ${tokenSerialNumber}         ${tokenState}, ${tokenStatus}`,
  );
  const handles = workspace.people.map(({ name }) => `@${name}`).join(' ');
  return ['In the tenant:', ...users, 'Hardware tokens:', ...tokens, `In Slack: ${handles}`].join(
    '\n',
  );
}

import { switchesOf } from '../../src/guard/change/changes.ts';
import { createKeepAliveFetch } from '../../src/http/fetch.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import { type Answers, startAnswers } from '../answers.ts';
import { atMost, type Row } from '../row.ts';
import type { Sender } from '../sender.ts';
import { access, type Setting } from '../setting.ts';
import { SPARE_TOKENS } from '../stand-ins/spare-tokens.ts';
import { median } from '../statistics.ts';

const ROUNDS = 30;
const PER_SECOND = 20;
const GRACE = 'grace@acme.test';
const [TOKEN = ''] = SPARE_TOKENS;

type Pipeline = {
  /** One look-up. */
  token(serial: string): Promise<void>;
  /** Two look-ups, one after the other. */
  authenticators(email: string): Promise<void>;
  /** The look-up of a person, then everything else for the card side by side. */
  card(email: string): Promise<void>;
};

/** Limits: milliseconds above the bare requests, and how that compares with the usual way. */
const SHAPES = {
  '1 call': { limit: 8, ratio: 1.3, run: ({ token }: Pipeline) => token(TOKEN) },
  '2 calls in sequence': {
    limit: 14,
    ratio: 0.5,
    run: ({ authenticators }: Pipeline) => authenticators(GRACE),
  },
  "a person's card": { limit: 14, ratio: 0.5, run: ({ card }: Pipeline) => card(GRACE) },
  '5 commands at once': {
    limit: 18,
    ratio: 0.15,
    run: ({ token }: Pipeline) => Promise.all(SPARE_TOKENS.map(token)),
  },
};

/** From a command to its answer, compared with the bare requests. */
export async function answer(setting: Setting): Promise<Row[]> {
  const tenant = await setting.standIns.ask('tenant', { delay: 20 });
  const api = await access(tenant);
  const answers = await startAnswers();
  const pace = {
    SECURID_REQUESTS_PER_SECOND: String(PER_SECOND),
    SECURID_BURST: String(PER_SECOND),
  };
  const desk = await setting.start('desk', { tenant, env: pace });
  // A person's card asks about each change.
  const every = { ...pace, SECURID_CHANGES: switchesOf(CHANGES).join(',') };
  const deskWithAll = await setting.start('desk', { tenant, env: every });
  const usual = await setting.start('usual', {
    tenant,
    env: { ADMIN_API: api.url, BEARER: api.token, PER_SECOND: String(PER_SECOND) },
  });
  const pipelines = {
    bare: bareCalls(api, answers),
    desk: {
      ...throughSlack(setting, desk.sender, answers),
      card: throughSlack(setting, deskWithAll.sender, answers).card,
    },
    usual: throughSlack(setting, usual.sender, answers),
  };

  const rows: Row[] = [];
  for (const [name, { limit, ratio, run }] of Object.entries(SHAPES)) {
    const times = { bare: [] as number[], desk: [] as number[], usual: [] as number[] };
    // The first round opens connections.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const kind of ['bare', 'desk', 'usual'] as const) {
        const startedAt = performance.now();
        await run(pipelines[kind]);
        if (round > 0) times[kind].push(performance.now() - startedAt);
      }
    }
    const bare = median(times.bare);
    const ours = median(times.desk) - bare;
    const theirs = median(times.usual) - bare;
    rows.push(
      atMost(`command to answer, ${name}: p50 above the bare calls`, ours, limit, {
        unit: ' ms',
        beside: { 'ms bare': bare, 'Bolt + ofetch + Bottleneck above bare': theirs },
      }),
      atMost(`the same beside Bolt + ofetch + Bottleneck, ${name}`, ours / theirs, ratio, {
        unit: ' ×',
      }),
    );
  }
  await Promise.all([desk.stop(), deskWithAll.stop(), usual.stop()]);
  answers.stop();
  return rows;
}

function throughSlack(setting: Setting, sender: Sender, answers: Answers): Pipeline {
  const ask = async (text: string) => {
    const { url, answer } = answers.next();
    await Promise.all([sender.send(setting.command({ text, responseUrl: url })), answer]);
    const said = await answer;
    if (said.includes('Incident')) throw new Error(`${text} was not answered: ${said}`);
  };
  return {
    token: (serial) => ask(`token ${serial}`),
    authenticators: (email) => ask(`authenticators ${email}`),
    card: (email) => ask(`user ${email}`),
  };
}

/** The requests alone. */
function bareCalls(api: { url: string; token: string }, answers: Answers): Pipeline {
  const fetch = createKeepAliveFetch();
  const headers = { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' };

  const lookUp = async (what: 'users' | 'sidTokens', key: Record<string, string>) => {
    const body = JSON.stringify(key);
    const answer = await fetch(`${api.url}/v1/${what}/lookup`, { method: 'POST', headers, body });
    return (await answer.json()) as { id: string };
  };
  const post = async (body: string) => {
    const { url, answer } = answers.next();
    await Promise.all([fetch(url, { method: 'POST', body }).then((said) => said.text()), answer]);
  };
  const authenticators = async (email: string) => {
    const { id } = await lookUp('users', { email });
    const url = `${api.url}/v2/users/${id}/devices?includeBrowsers=false`;
    await post(await (await fetch(url, { headers })).text());
  };
  return {
    async token(tokenSerialNumber) {
      await post(JSON.stringify(await lookUp('sidTokens', { tokenSerialNumber })));
    },
    authenticators,
    card: authenticators,
  };
}

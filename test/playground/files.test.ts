import { webApi } from '@slack/bolt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { read } from '../../src/playground/reading.ts';
import { startWorkspace, type Workspace } from '../../src/playground/workspace/index.ts';
import { manualClock } from '../support/manual-clock.ts';

const CSV = 'month,licenses\n2026-03,1137\nmärz,“1.137”\n';
const LENGTH = Buffer.byteLength(CSV);

async function open() {
  const workspace = await startWorkspace({
    clock: manualClock(),
    botToken: 'xoxb-test',
    team: { id: 'T1', domain: 'acme' },
    bot: { userId: 'UBOT', botId: 'BBOT' },
    people: [
      { id: 'U1', name: 'ada', realName: 'Ada Agent' },
      { id: 'U2', name: 'jane', realName: 'Jane Doe' },
    ],
    groups: [],
    channels: [
      { id: 'C1', name: 'helpdesk', members: ['U1', 'UBOT'], kind: 'channel' },
      { id: 'C2', name: 'random', members: ['U1', 'U2'], kind: 'channel' },
      { id: 'D1', name: 'ada-jane', members: ['U1', 'U2'], kind: 'im' },
    ],
  });
  onTestFinished(() => workspace.stop());
  return { workspace, client: clientOf(workspace), ...stepsOf(workspace) };
}

const clientOf = ({ apiUrl }: Workspace) =>
  new webApi.WebClient('xoxb-test', {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    logLevel: webApi.LogLevel.ERROR,
  });

type Answer = { ok: boolean; error?: string; upload_url: string; file_id: string };

/** The three steps of an upload. */
const stepsOf = ({ apiUrl }: Workspace) => {
  const call = async (method: string, params: unknown) => {
    const response = await fetch(`${apiUrl}${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb-test' },
      body: JSON.stringify(params),
    });
    return (await response.json()) as Answer;
  };
  const begin = (params: object = {}) =>
    call('files.getUploadURLExternal', { filename: 'use.csv', length: LENGTH, ...params });
  const send = async (url: string, body: NonNullable<RequestInit['body']>) =>
    (await fetch(url, { method: 'POST', body })).status;
  const complete = (params: object) => call('files.completeUploadExternal', params);
  const uploaded = async () => {
    const { upload_url, file_id } = await begin();
    await send(upload_url, CSV);
    return file_id;
  };
  return { begin, send, complete, uploaded };
};

describe('an uploaded file', () => {
  it('appears in the channel, for its members', async () => {
    const { workspace, client } = await open();

    await client.filesUploadV2({
      channel_id: 'C1',
      filename: 'use.csv',
      title: 'Use by month',
      initial_comment: 'Here it is',
      content: CSV,
    });

    const [message, ...others] = workspace.seenBy('U1', 'C1');
    expect(message).toMatchObject({
      text: 'Here it is',
      files: [{ id: 'F000000001', name: 'use.csv', title: 'Use by month', content: CSV }],
    });
    expect(others).toEqual([]);
    expect(workspace.seenBy('U2', 'C1')).toEqual([]);
    expect(message && read(message, workspace)).toBe('Here it is\n(file) use.csv');
    expect(workspace.apiCalls.map(({ method }) => method)).toEqual([
      'files.getUploadURLExternal',
      'files.completeUploadExternal',
    ]);
    expect(workspace.bodies.some((body) => body.includes(CSV))).toBe(true);
  });

  it('shares a message with others, and needs no comment', async () => {
    const { workspace, client } = await open();

    await client.filesUploadV2({
      channel_id: 'C1',
      file_uploads: [
        { filename: 'a.csv', file: Buffer.from('a') },
        { filename: 'b.csv', file: Buffer.from('b') },
      ],
    });

    expect(workspace.messages.map((message) => read(message, workspace))).toEqual([
      '(file) a.csv\n(file) b.csv',
    ]);
  });

  it('is uploaded as raw bytes or in a form', async () => {
    const { workspace, begin, send, complete } = await open();
    const form = new FormData();
    form.append('filename', new Blob([CSV]), 'use.csv');

    for (const body of [CSV, form]) {
      const { upload_url, file_id } = await begin();
      expect(await send(upload_url, body)).toBe(200);
      await complete({ files: [{ id: file_id }], channel_id: 'C1' });
    }

    expect(workspace.messages).toMatchObject([
      { files: [{ title: 'use.csv', content: CSV }] },
      { files: [{ title: 'use.csv', content: CSV }] },
    ]);
  });

  it('stays private without a channel', async () => {
    const { workspace, complete, uploaded } = await open();

    expect(await complete({ files: [{ id: await uploaded() }] })).toMatchObject({ ok: true });
    expect(workspace.messages).toEqual([]);
  });
});

describe('an upload', () => {
  it.each([
    { given: { length: 0 }, error: 'missing_argument' },
    { given: { length: undefined }, error: 'missing_argument' },
    { given: { filename: '' }, error: 'missing_argument' },
    { given: { length: 'many' }, error: 'invalid_arguments' },
    { given: { length: -1 }, error: 'invalid_arguments' },
  ])('does not begin with $given', async ({ given, error }) => {
    const { begin } = await open();

    expect(await begin(given)).toMatchObject({ ok: false, error });
  });

  it('needs the announced number of bytes, at the URL that was given', async () => {
    const { workspace, begin, send, complete } = await open();
    const { upload_url, file_id } = await begin();

    expect(await send(upload_url, CSV.slice(1))).toBe(400);
    expect(await send(`${workspace.url}/upload/F9`, CSV)).toBe(404);
    expect(await complete({ files: [{ id: file_id }], channel_id: 'C1' })).toMatchObject({
      error: 'file_not_found',
    });
  });

  it.each([
    { channel_id: 'C2', error: 'not_in_channel' },
    { channel_id: 'C9', error: 'channel_not_found' },
    { channel_id: 'D1', error: 'channel_not_found' },
    { channel_id: 'U1', error: 'invalid_arguments' },
  ])('does not go to $channel_id: $error', async ({ channel_id, error }) => {
    const { workspace, complete, uploaded } = await open();
    const files = [{ id: await uploaded() }];

    expect(await complete({ files, channel_id })).toMatchObject({ ok: false, error });
    expect(workspace.messages).toEqual([]);
    expect(await complete({ files, channel_id: 'C1' })).toMatchObject({ ok: true });
  });

  it('is completed once, and only with files that exist', async () => {
    const { complete, uploaded } = await open();
    const known = { id: await uploaded() };
    const share = (files: unknown) => complete({ files, channel_id: 'C1' });

    expect(await share([known, { id: 'F9' }])).toMatchObject({ error: 'file_not_found' });
    for (const files of [undefined, [], 'F1', [{}]]) {
      expect(await share(files)).toMatchObject({ error: 'invalid_arguments' });
    }
    expect(await share([known])).toMatchObject({ ok: true });
    expect(await share([known])).toMatchObject({ error: 'file_not_found' });
  });

  it.each(['files.getUploadURLExternal', 'upload_url', 'files.completeUploadExternal'])(
    'fails as planned at %s',
    async (where) => {
      const { workspace, client } = await open();
      const upload = () =>
        client.filesUploadV2({ channel_id: 'C1', filename: 'use.csv', content: CSV });
      workspace.failNext(where, { status: 503 });

      await expect(upload()).rejects.toThrow('503');
      expect(workspace.messages).toEqual([]);
      await upload();
      expect(workspace.messages).toHaveLength(1);
    },
  );
});

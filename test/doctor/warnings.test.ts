import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { createCertificate } from '../support/certificate.ts';
import { ROOT } from '../support/sources.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { examine, standIns } from './support/examine.ts';
import { impostor } from './support/impostor.ts';

describe('the doctor, of this machine', () => {
  it.each([
    {
      node: 'v20.20.2',
      result: 'warning',
      says: 'v20.20.2, without security fixes since April 2026',
    },
    { node: 'v24.3.0', result: 'ok', says: 'v24.3.0' },
  ])('judges Node $node', async ({ node, ...finding }) => {
    const { about } = await examine({}, { machine: { node } });

    expect(about('Node')).toMatchObject([finding]);
  });

  it.each([
    { openFiles: 1024, result: 'warning', says: 'up to 1024, and half of them for connections' },
    { openFiles: 65_536, result: 'ok', says: 'up to 65536' },
    { openFiles: undefined, result: 'ok', says: 'no limit that can be read' },
  ])('judges $openFiles open files in HTTP mode', async ({ openFiles, ...finding }) => {
    const { env } = await standIns();

    const { about } = await examine(env, { machine: { openFiles } });

    expect(about('open files')).toMatchObject([finding]);
  });

  it.each<[string, (folder: string) => string, string, string]>([
    ['is not there', (folder) => join(folder, 'none.pem'), 'warning', 'cannot be read (ENOENT)'],
    ['is a folder', (folder) => folder, 'warning', 'cannot be read (it is not a file)'],
    ['holds something else', () => join(ROOT, 'package.json'), 'warning', 'holds no certificate'],
    [
      'holds one',
      (folder) => {
        const file = join(folder, 'ca.pem');
        writeFileSync(file, createCertificate('corp.test').cert);
        return file;
      },
      'ok',
      '1 certificate',
    ],
  ])('looks at the file of NODE_EXTRA_CA_CERTS, which %s', async (_, fileIn, result, says) => {
    const { about } = await examine({ NODE_EXTRA_CA_CERTS: fileIn(tempFolder()) });

    expect(about('NODE_EXTRA_CA_CERTS')).toMatchObject([
      { result, says: expect.stringContaining(says) },
    ]);
  });

  it('says that free space cannot be read', async () => {
    const freeBytes = async () => {
      throw new Error('no such call');
    };
    const { about } = await examine({}, { freeBytes });

    expect(about('space')).toMatchObject([
      { result: 'warning', says: expect.stringContaining('free space cannot be read') },
    ]);
  });
});

describe('the doctor, of whoever is slow or busy', () => {
  it('warns of a slow Slack and a slow tenant', async () => {
    const { tenant, workspace, env } = await standIns();
    workspace.setAlways(() => ({ delay: 1010 }));
    tenant.setDelay(1510);

    const { about, code } = await examine({ ...env, SECURID_MANAGERS: '' });

    expect(about('time to Slack')).toMatchObject([
      {
        result: 'warning',
        says: expect.stringMatching(/^\d{4} ms: forms open late, or not at all$/),
      },
    ]);
    expect(about('time to the tenant')).toMatchObject([
      { result: 'warning', says: expect.stringMatching(/^\d{4} ms: answers are slow$/) },
    ]);
    expect(code).toBe(0);
  });

  it('takes a busy Slack for no fault, and another answer for one', async () => {
    const { workspace, env } = await standIns();
    workspace.setAlways(() => ({ status: 429, headers: { 'retry-after': '30' } }));
    const busy = await examine(env);
    workspace.setAlways(() => ({ status: 503 }));
    const broken = await examine(env);

    expect(busy.about('bot token')).toMatchObject([
      {
        result: 'warning',
        says: 'Slack is busy, and was not asked',
        remedy: 'Run the doctor again in 30 s.',
      },
    ]);
    expect(broken.about('bot token')).toMatchObject([
      { result: 'failed', says: expect.stringMatching(/ answered with status 503$/) },
    ]);
  });
});

describe('the doctor, of odd answers', () => {
  it('says that Slack does not tell the scopes', async () => {
    const { env } = await standIns();
    const url = await impostor({ ok: true, team: 'acme', team_id: 'T0ACME', users: [] });

    const { about } = await examine({ ...env, SLACK_API_URL: url });

    expect(about('scopes')).toMatchObject([
      { result: 'warning', says: 'Slack does not say what the token may do' },
    ]);
  });

  it('knows no answer that is not SecurID’s', async () => {
    const { tenant, env } = await standIns();
    tenant.answerNext({ status: 418, body: '{}' }, 200, 'POST /v1/sidTokens/lookup');

    const { about } = await examine(env);

    expect(about('hardware tokens')).toMatchObject([
      {
        result: 'failed',
        says: 'SecurID answered in a way that this app does not know (418)',
        see: 'docs/troubleshooting.md#securid-sends-an-answer-that-is-not-understood',
      },
    ]);
  });

  it('warns of a license channel that another company reads', async () => {
    const { workspace, env } = await standIns();
    workspace.scopes.push('channels:read', 'groups:read');
    const channel = workspace.channels.find(({ id }) => id === company.SECURITY);
    if (channel) channel.isExtShared = true;

    const { about } = await examine({ ...env, SECURID_LICENSE_CHANNEL: company.SECURITY });

    expect(about('SECURID_LICENSE_CHANNEL')).toMatchObject([
      { result: 'warning', says: '#security: the bot is in it, and another company can read it' },
    ]);
  });

  it('says that the app is in no workspace of the organization', async () => {
    const team = { id: 'T0NONE', enterpriseId: 'E0ACME', isOrgWide: true, isWithoutApp: true };
    const { workspace, env } = await standIns({ team });
    workspace.setAlways((where) =>
      where === 'auth.teams.list' ? { status: 200, body: '{"ok":true,"teams":[]}' } : undefined,
    );

    const { about } = await examine(env);

    expect(about('workspaces')).toMatchObject([
      { result: 'failed', says: 'the app is in no workspace of the organization' },
    ]);
  });
});

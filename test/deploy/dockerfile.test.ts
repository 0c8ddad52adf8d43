import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Environment, VARIABLES } from '../../src/config/environment.ts';
import { ROOT } from '../support/sources.ts';
import { execForm, isInContext, readDockerfile, stagesOf } from './support/dockerfile.ts';

const steps = readDockerfile();
const stages = stagesOf(steps);
const last = stages.at(-1)?.steps ?? [];
const wordsOf = (name: string) =>
  last.filter((step) => step.name === name).map(({ words }) => words);
const { version, scripts, engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** What an engine of this kind takes: https://docs.docker.com/reference/dockerfile/ */
const INSTRUCTIONS =
  'ARG COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN USER VOLUME WORKDIR'.split(' ');

describe('the Dockerfile', () => {
  it('has instructions that its reader here knows, all of them', () => {
    expect(steps.filter(({ name }) => !INSTRUCTIONS.includes(name))).toEqual([]);
  });

  it('builds on a Node that package.json allows, the same in both stages', () => {
    const majors = stages.map(({ image }) => /node(?:js|:)(\d+)/.exec(image)?.[1]);
    expect(majors).toEqual(['24', '24']);
    expect(engines.node).toContain('>=22.12.0');
    expect(stages.filter(({ image }) => !/:\S*[^:]$/.test(image) || /:latest/.test(image))).toEqual(
      [],
    );
  });

  it('installs what the lock file says, without the scripts of packages', () => {
    expect(steps.some(({ words }) => words.includes('npm ci --ignore-scripts'))).toBe(true);
    expect(steps.filter(({ words }) => /npm (?:i|install|update)\b/.test(words))).toEqual([]);
  });

  it('copies only what is there, and what .dockerignore lets in', () => {
    const sources = stages
      .flatMap((stage) => stage.steps)
      .filter(({ name, flags }) => name === 'COPY' && flags.from === undefined)
      .flatMap(({ words }) => words.split(' ').slice(0, -1));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((path) => !existsSync(join(ROOT, path)) || !isInContext(path))).toEqual(
      [],
    );
    expect(sources).not.toContain('.');
  });

  it.each([
    '.git',
    '.env',
    'audit.jsonl',
    'audit.jsonl.key',
    'node_modules',
    'test',
    'src/playground',
  ])('is not even shown %s', (path) => {
    expect(isInContext(path)).toBe(false);
  });

  it('runs as a numeric user other than root', () => {
    expect(wordsOf('USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  });

  it('starts Node itself, with the options of npm start', () => {
    const [entrypoint = ''] = wordsOf('ENTRYPOINT');
    const [node, ...rest] = execForm(entrypoint);
    expect(node).toBe('/nodejs/bin/node');
    expect(rest.at(-1)).toBe('/app/main.js');
    expect(['node', ...rest.slice(0, -1), 'dist/main.js'].join(' ')).toBe(scripts.start);
    expect(wordsOf('CMD')).toEqual([]);
  });

  it('checks its health without a shell', () => {
    const [check = ''] = wordsOf('HEALTHCHECK');
    expect(execForm(check.replace(/^.*?CMD /, ''))).toEqual(['/nodejs/bin/node', '/app/health.js']);
  });

  it('sets variables that are read, with files on its volume', () => {
    const set = wordsOf('ENV').map((words) => words.split('='));
    expect(set.filter(([name = '']) => !VARIABLES.includes(name))).toEqual([]);
    const [volume] = wordsOf('VOLUME');
    expect(set.filter(([name]) => name?.endsWith('_FILE'))).toEqual([
      ['AUDIT_FILE', `${volume}/audit.jsonl`],
    ]);
    // So that a relative path is on it, too.
    expect(wordsOf('WORKDIR')).toEqual([volume]);
  });

  it('names the ports and the version there are', () => {
    const { PORT, OPS_PORT } = Environment.parse({ SLACK_BOT_TOKEN: 'xoxb-1' });
    expect(wordsOf('EXPOSE')).toEqual([`${PORT} ${OPS_PORT}`]);
    expect(wordsOf('LABEL').join()).toContain(`version="${version}"`);
  });
});

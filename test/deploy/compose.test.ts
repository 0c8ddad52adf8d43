import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { fileOf, SECRETS, VARIABLES } from '../../src/config/environment.ts';
import { redisInstalled } from '../support/redis.ts';
import { ROOT } from '../support/sources.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { readDockerfile } from './support/dockerfile.ts';
import { longestStop } from './support/stop.ts';

type Service = {
  env_file?: string;
  environment?: Record<string, string>;
  secrets?: string[];
  volumes?: string[];
  ports?: string[];
  networks?: string[];
  command?: string[];
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
};
type Compose = {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
  secrets: Record<string, { file: string }>;
};

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** A list that replaces the one before it, as `docker compose` merges files. */
const override = { tag: '!override', collection: 'seq' as const };
const compose = (path: string): Compose => parse(text(path), { customTags: [override] });

const usual = compose('deploy/compose.yaml');
const overHttp = compose('deploy/compose.http.yaml');
const { desk = {}, redis = {} } = usual.services;
const http = overHttp.services.desk ?? {};
const declared = { ...usual.secrets, ...overHttp.secrets };
const page = text('docs/deploy.md');

/** Compose takes `$$` for `$`. */
const plain = (words: string) => words.replaceAll('$$', '$');

describe('compose.yaml', () => {
  it.each([
    ['in Socket Mode', desk.environment, desk.secrets],
    ['in HTTP mode', { ...desk.environment, ...http.environment }, http.secrets],
  ])(
    'gives the app variables that are read, and each secret as a file, %s',
    (_, set = {}, given) => {
      expect(Object.keys(set).filter((name) => !VARIABLES.includes(name))).toEqual([]);
      const files = SECRETS.flatMap((name) => set[fileOf(name)] || []);
      expect(files.toSorted()).toEqual(given?.map((name) => `/run/secrets/${name}`).toSorted());
    },
  );

  it('takes every other variable from a file, which is not in the repository', () => {
    expect(desk.env_file).toBe('securid-desk.env');
    const ignored = [
      'deploy/securid-desk.env',
      ...Object.values(declared).map(({ file }) => `deploy/${file}`),
    ];
    // Not in this folder, which need not be a clone, nor belong to who runs this.
    const cwd = tempFolder();
    copyFileSync(join(ROOT, '.gitignore'), join(cwd, '.gitignore'));
    execFileSync('git', ['init', '--quiet'], { cwd });
    const found = execFileSync('git', ['check-ignore', ...ignored], { cwd, encoding: 'utf8' });
    expect(found.trim().split('\n')).toEqual(ignored);
  });

  it('declares each secret, and the page says how to make its file', () => {
    const used = [...(desk.secrets ?? []), ...(http.secrets ?? []), ...(redis.secrets ?? [])];
    expect(used.filter((name) => declared[name]?.file !== `secrets/${name}`)).toEqual([]);
    expect(Object.keys(declared).filter((name) => !used.includes(name))).toEqual([]);
    expect(Object.keys(declared).filter((name) => !page.includes(name))).toEqual([]);
  });

  it('keeps the trail on a volume, where the image has it', () => {
    const [place] = readDockerfile().filter(({ name }) => name === 'VOLUME');
    expect(desk.volumes).toEqual([`trail:${place?.words}`]);
  });

  it('publishes nothing, but for the port of HTTP mode on this machine', () => {
    expect([desk.ports, redis.ports]).toEqual([undefined, undefined]);
    expect(http.ports).toEqual(['127.0.0.1:3000:3000']);
  });

  it('keeps the Redis where only the app is, and where nothing leads out', () => {
    expect(redis.networks).toEqual(['inside']);
    expect(usual.networks.inside).toEqual({ internal: true });
    const others = Object.values(usual.services).filter((one) => one.networks?.includes('inside'));
    expect(others).toEqual([desk, redis]);
  });

  it.each(Object.entries(usual.services))('lets %s do as little as possible', (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
    });
    expect(Object.values(service.environment ?? {}).join()).not.toMatch(/xox|xapp|redis:/);
  });

  it('lets the image start Node itself, so that SIGTERM arrives', () => {
    for (const service of [desk, http]) {
      for (const field of ['command', 'entrypoint', 'init', 'stop_signal'])
        expect(service).not.toHaveProperty(field);
    }
  });

  it('gives the stop its time', () => {
    expect(Number.parseInt(`${desk.stop_grace_period}`, 10)).toBeGreaterThanOrEqual(longestStop());
  });

  it.skipIf(!redisInstalled)(
    'starts a Redis that needs its password and drops nothing',
    async () => {
      const folder = tempFolder();
      const socket = join(folder, 'socket');
      writeFileSync(join(folder, 'redis_password'), 'pass-4d1f\n');
      mkdirSync(join(folder, 'data'));
      const here = (words: string) =>
        plain(words).replaceAll('/run/secrets', folder).replaceAll('/data', join(folder, 'data'));
      const [shell = '', ...words] = redis.command ?? [];
      const script = here(`${words.at(-1)}`).replace(
        ' - <<',
        ` --port 0 --unixsocket ${socket} - <<`,
      );
      const server = spawn(shell, [...words.slice(0, -1), script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void server.kill('SIGKILL'));
      let printed = '';
      server.stdout.on('data', (chunk) => {
        printed += chunk;
      });
      while (!/ready to accept connections/i.test(printed)) await once(server.stdout, 'data');

      const ask = (password: string, ...question: string[]) =>
        execFileSync('redis-cli', ['-s', socket, ...question], {
          encoding: 'utf8',
          env: { ...process.env, REDISCLI_AUTH: password },
          stdio: ['ignore', 'pipe', 'ignore'],
        }).trim();
      expect(ask('', 'ping')).toContain('NOAUTH');
      expect(ask('pass-4d1f', 'config', 'get', 'maxmemory-policy')).toContain('noeviction');
      expect(ask('pass-4d1f', 'config', 'get', 'appendonly')).toContain('yes');
      const [, check = ''] = redis.healthcheck?.test ?? [];
      execFileSync('sh', ['-c', here(check).replace('redis-cli', `redis-cli -s ${socket}`)]);
      // The shell has become the server, so that SIGTERM arrives.
      const about = ['cmdline', 'environ'].map((name) =>
        readFileSync(`/proc/${server.pid}/${name}`, 'utf8'),
      );
      expect(about[0]).toMatch(/^redis-server/);
      expect(about.join()).not.toContain('pass-4d1f');
    },
  );
});

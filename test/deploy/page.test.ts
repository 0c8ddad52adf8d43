import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SECRETS } from '../../src/config/environment.ts';
import { ROOT } from '../support/sources.ts';
import { execForm, readDockerfile } from './support/dockerfile.ts';

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const page = text('docs/deploy.md');
const unit = text('deploy/systemd/securid-desk.service');

/** The blocks of commands on the page, and the commands within sentences. */
const blocks = [...page.matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(([, block = '']) => block);
const inline = [...page.matchAll(/`((?:docker|kubectl|helm|systemctl|npm) [^`]+)`/g)].map(
  ([, command = '']) => command,
);
const commands = [
  ...blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n')),
  ...inline,
];
const withWord = (word: RegExp) => commands.filter((command) => word.test(command));

const all = (pattern: RegExp, from = page) =>
  [...new Set([...from.matchAll(pattern)].map(([whole, found]) => found ?? whole))].toSorted();

/** The first word of a ENTRYPOINT or a HEALTHCHECK, and its script. */
const [node, app] = (() => {
  const entrypoint = readDockerfile().find(({ name }) => name === 'ENTRYPOINT');
  const words = execForm(entrypoint?.words ?? '[]');
  return [words[0], words.at(-1)];
})();

describe('docs/deploy.md', () => {
  it.each(blocks.map((block) => [block.trim().split('\n')[0], block]))(
    'has commands that a shell understands: %s',
    (_, block) => {
      expect(spawnSync('bash', ['-n', '-c', block])).toMatchObject({ status: 0 });
    },
  );

  it('names files that are there', () => {
    // Made by its reader.
    const own = ['deploy/securid-desk.env', 'deploy/secrets'];
    const named = all(/\bdeploy\/[\w./-]*\w/g).filter((path) => !own.includes(path));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('says in which namespace each command is', () => {
    const asked = withWord(/\bkubectl |\bhelm .*upgrade/).filter(
      (command) => !/create namespace/.test(command),
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((command) => !command.includes(' --namespace '))).toEqual([]);
  });

  it('calls the pods and their set what the chart calls them', () => {
    const release = /helm .*upgrade --install (\S+) /.exec(page)?.[1];
    const { name } = parse(text('deploy/helm/securid-desk/Chart.yaml'));
    const exec = commands.flatMap((command) => /\bexec (\S+-0) --/.exec(command)?.[1] ?? []);
    expect(new Set(exec)).toEqual(new Set([`${release}-${name}-0`]));
    expect(all(/statefulset\/([\w-]+)/g)).toEqual([`${release}-${name}`]);
  });

  it('makes the Secret that the chart asks for by default', () => {
    const values = parse(text('deploy/helm/securid-desk/values.yaml'));
    const [create = ''] = withWord(/create secret generic/);
    expect(create).toContain(` secret generic ${values.existingSecret} `);
    const keys = all(/--from-file=(\w+)=/g, create);
    expect(keys).toEqual(['SECURID_API_KEY', 'SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN']);
    expect(keys.filter((key) => !SECRETS.some((secret) => secret === key))).toEqual([]);
  });

  it('runs in the image what is there', () => {
    const inside = withWord(/\bexec\b.*\/nodejs/);
    expect(inside.length).toBeGreaterThan(4);
    const run = inside.map((command) => / (\/nodejs\S*) (\S+)/.exec(command) ?? []);
    expect(new Set(run.map(([, binary]) => binary))).toEqual(new Set([node]));
    const scripts = run.map(([, , script = '']) => script);
    expect(scripts.filter((one) => one !== app && !one.startsWith('--'))).toEqual([]);
  });

  it('puts the files of the systemd unit where it looks for them', () => {
    const [block = ''] = blocks.filter((one) => one.includes('systemctl daemon-reload'));
    const credentials = all(/^LoadCredential=\w+:\/etc\/securid-desk\/(\w+)$/gm, unit);
    const made = [...all(/^cat > (\w+)/gm, block), ...all(/^cp \S+ (\w+)$/gm, block)].toSorted();
    expect(made).toEqual(credentials);
    const [start = ''] = all(/ (\/opt\/\S+)$/gm, unit);
    expect(block).toContain(`--outDir ${start.replace('/main.js', '')} `);
    const [settings = ''] = all(/^EnvironmentFile=(.*)$/gm, unit);
    expect(block).toContain(` > ${settings} `);
    // What every user may read, but the secrets.
    expect(block.indexOf('umask 022')).toBeLessThan(block.indexOf('npm ci'));
    expect(block.indexOf('umask 077')).toBeLessThan(block.indexOf('cat > '));
  });

  it('makes the files that compose.yaml asks for', () => {
    const [block = ''] = blocks.filter((one) => one.includes('deploy/secrets'));
    const { secrets, services } = parse(text('deploy/compose.yaml'));
    const made = [
      ...all(/^cat > (\w+)/gm, block),
      ...all(/^cp \S+ (\w+)$/gm, block),
      ...all(/ > (\w+)$/gm, block),
    ];
    expect(made.toSorted()).toEqual(Object.keys(secrets).toSorted());
    expect(block).toContain(` deploy/${services.desk.env_file} `);
  });
});

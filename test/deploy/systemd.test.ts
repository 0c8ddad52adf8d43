import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf, SECRETS } from '../../src/config/environment.ts';
import { ROOT } from '../support/sources.ts';
import { longestStop } from './support/stop.ts';

const UNIT = join(ROOT, 'deploy/systemd/securid-desk.service');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

const settings = readFileSync(UNIT, 'utf8')
  .split('\n')
  .filter((line) => /^\w+=/.test(line))
  .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);

const valuesOf = (name: string) =>
  settings.flatMap(([key, value]) => (key === name ? [value] : []));

/** The version with the options that are used below. */
const SYSTEMD = 250;
const { stdout: version } = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
const [, systemd = 0] = /^systemd (\d+)/.exec(version ?? '') ?? [];
const canVerify = Number(systemd) >= SYSTEMD && existsSync('/usr/bin/node');
if (!canVerify) {
  console.log(`systemd ${SYSTEMD} or /usr/bin/node is not installed: the unit is not verified`);
}

describe('the systemd unit', () => {
  it('starts Node itself, with the options of npm start', () => {
    const [start = ''] = valuesOf('ExecStart');
    expect(start.replace('/usr/bin/', '').replace('/opt/securid-desk/', '')).toBe(scripts.start);
  });

  it('gives each secret as a file that only root can read', () => {
    const files = new Map(
      valuesOf('Environment').map((line) => [line.split('=')[0], line.split('=')[1]]),
    );
    const names = SECRETS.filter((name) => files.has(fileOf(name)));
    expect(names).toHaveLength(files.size);
    expect([...files.values()]).toEqual(names.map((name) => `%d/${name.toLowerCase()}`));
    expect(valuesOf('LoadCredential')).toEqual(
      names.map((name) => `${name.toLowerCase()}:/etc/securid-desk/${name.toLowerCase()}`),
    );
  });

  it('gives the stop its time, and starts again only what may work', () => {
    expect(Number(valuesOf('TimeoutStopSec'))).toBeGreaterThanOrEqual(longestStop());
    expect(valuesOf('Restart')).toEqual(['on-failure']);
    expect(valuesOf('RestartPreventExitStatus')).toEqual(['2']);
    expect(valuesOf('KillSignal')).toEqual([]);
  });

  it('may open the files that as many connections take as the app accepts', () => {
    const inlet = readFileSync(join(ROOT, 'src/slack/inlet.ts'), 'utf8');
    const connections = Number(/^const CONNECTIONS = (\d+);/m.exec(inlet)?.[1]);
    expect(valuesOf('SystemCallFilter').join(' ')).toContain('~@privileged @resources');
    expect(Number(valuesOf('LimitNOFILE'))).toBeGreaterThan(2 * connections);
  });

  it('can write only to the folder of the trail', () => {
    expect(valuesOf('DynamicUser')).toEqual(['yes']);
    expect(valuesOf('ProtectSystem')).toEqual(['strict']);
    expect(valuesOf('StateDirectory')).toEqual(['securid-desk']);
    expect(valuesOf('WorkingDirectory')).toEqual(['%S/securid-desk']);
    expect(valuesOf('ReadWritePaths')).toEqual([]);
    expect(valuesOf('UMask')).toEqual(['0077']);
  });

  it('has every kind of socket that it opens', () => {
    // AF_UNIX says who writes the trail.
    const families = valuesOf('RestrictAddressFamilies').join().split(' ');
    expect(families.toSorted()).toEqual(['AF_INET', 'AF_INET6', 'AF_UNIX']);
  });

  it.skipIf(!canVerify)('is one that systemd understands, and calls well restricted', () => {
    // Other units of this machine may have faults of their own.
    const verify = ['verify', '--man=no', '--recursive-errors=no', UNIT];
    expect(spawnSync('systemd-analyze', verify, { encoding: 'utf8' })).toMatchObject({ status: 0 });
    const args = ['security', '--offline=true', '--threshold=15', '--no-pager', UNIT];
    expect(spawnSync('systemd-analyze', args, { encoding: 'utf8' })).toMatchObject({ status: 0 });
  });
});

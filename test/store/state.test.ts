import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createState, StateError } from '../../src/store/state.ts';
import { tempFolder } from '../support/temp-folder.ts';

function openState(file = join(tempFolder(), 'audit.jsonl.state')) {
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  return { file, logged, state: createState({ file, log }) };
}

describe('the state', () => {
  it('is read back as it was saved, in a file readable by its owner only', async () => {
    const { file, state } = openState();
    expect(await state.open()).toBe('none');
    await state.put('orders', { lockdown: 1 });
    await state.put('gone', true);
    await state.put('gone', undefined);

    const later = openState(file).state;

    expect(await later.open()).toBe('found');
    expect(later.get('orders')).toEqual({ lockdown: 1 });
    expect(later.get('gone')).toBeUndefined();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it('keeps the last of many values, however close together they come', async () => {
    const { file, state } = openState();
    await state.open();
    const names = Array.from({ length: 200 }, (_, number) => `n${number % 10}`);

    await Promise.all(names.map((name, number) => state.put(name, number)));

    const { parts } = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.values(parts)).toEqual([190, 191, 192, 193, 194, 195, 196, 197, 198, 199]);
  });

  it('writes what was only remembered with the next value, or at the end', async () => {
    const { file, state } = openState();
    await state.open();
    state.remember('trail', 1);
    await state.put('orders', 1);
    expect(JSON.parse(readFileSync(file, 'utf8')).parts).toEqual({ trail: 1, orders: 1 });

    state.remember('trail', 2);
    await state.close();

    expect(JSON.parse(readFileSync(file, 'utf8')).parts).toEqual({ trail: 2, orders: 1 });
  });

  it.each([['/no such folder/state'], ['/dev/full.state'], ['/dev/null/state']])(
    'says that %s does not keep it, and still has it',
    async (file) => {
      const { state } = openState(file);
      await state.open();

      await expect(state.put('orders', 1)).rejects.toThrow(StateError);

      expect(state.get('orders')).toBe(1);
      expect(existsSync(file)).toBe(false);
    },
  );

  it('at a place that is a pipe is not waited for, and is left as it is', async () => {
    const file = join(tempFolder(), 'pipe');
    execFileSync('mkfifo', ['-m', '666', file]);
    const { state, logged } = openState(file);

    expect(await state.open()).toBe('broken');

    expect(logged.join()).toContain('"reason":"it is not a file"');
    expect(statSync(file).mode & 0o777).toBe(0o666);
    expect(existsSync(`${file}.broken`)).toBe(false);
  });

  it('writes what it could not write before as soon as it can', async () => {
    const folder = join(tempFolder(), 'later');
    const { file, state } = openState(join(folder, 'state'));
    await state.open();
    await expect(state.put('one', 1)).rejects.toThrow('the state cannot be written (ENOENT)');
    mkdirSync(folder);

    await state.put('two', 2);

    expect(JSON.parse(readFileSync(file, 'utf8')).parts).toEqual({ one: 1, two: 2 });
  });

  it.each([
    ['half of it', '{"version":1,"parts":{"orders":'],
    ['nothing', ''],
    ['another thing', '[]'],
    ['another version', '{"version":2,"parts":{}}'],
    ['too much', `"${'x'.repeat(5_000_000)}"`],
  ])('is damaged if the file contains %s, and the file is kept aside', async (_, text) => {
    const { file, state, logged } = openState();
    writeFileSync(file, text);

    expect(await state.open()).toBe('broken');

    expect(logged.join()).toContain('the state file cannot be read');
    expect(readFileSync(`${file}.broken`, 'utf8')).toBe(text);
    await state.put('orders', 1);
    expect(await openState(file).state.open()).toBe('found');
  });

  it('ignores a half-written new file', async () => {
    const { file, state } = openState();
    await state.open();
    await state.put('orders', 1);
    writeFileSync(`${file}.new`, '{"ver');

    const later = openState(file).state;

    expect(await later.open()).toBe('found');
    expect(later.get('orders')).toBe(1);
    await later.put('orders', 2);
    expect(JSON.parse(readFileSync(file, 'utf8')).parts).toEqual({ orders: 2 });
  });

  it('includes what another process has written meanwhile, besides its own', async () => {
    const { file, state } = openState();
    await state.open();
    await state.put('both', 'ours');
    const { state: other } = openState(file);
    await other.open();
    await other.put('theirs', 1);
    await other.put('both', 'theirs');
    await state.refresh();
    expect(state.get('theirs')).toBe(1);
    expect(state.get('both')).toBe('theirs');
    await other.put('theirs', 2);

    await state.put('both', 'ours again');

    const { parts } = JSON.parse(readFileSync(file, 'utf8'));
    expect(parts).toEqual({ both: 'ours again', theirs: 2 });
    writeFileSync(file, 'nonsense');
    await state.put('both', 'at last');
    expect(JSON.parse(readFileSync(file, 'utf8')).parts).toEqual({ both: 'at last', theirs: 2 });
  });

  it('corrects a file that others can read, and says so', async () => {
    const { file, state } = openState();
    await state.open();
    await state.put('orders', 1);
    chmodSync(file, 0o664);

    const { state: later, logged } = openState(file);
    await later.open();

    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(logged.join()).toContain('others could read or write the state file');
  });
});

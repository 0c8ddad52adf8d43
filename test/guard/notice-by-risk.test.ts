import { expect, it } from 'vitest';
import { createChanges } from '../../src/guard/change/changes.ts';
import { RISKS } from '../../src/guard/change/risk.ts';
import type { Words } from '../../src/guard/change/words.ts';
import { nobodyTold } from '../../src/guard/notice/nobody-told.ts';
import { notice } from '../../src/guard/notice/view.ts';

const { textOf, stopped } = createChanges([], []);
const words: Words = { ...textOf('any').words, notice: 'A token of yours was disabled' };
const made = {
  change: 'any',
  target: 'alan',
  name: 'Alan Mertens',
  person: 'U0ALAN',
  agent: 'U0JONAS',
  incident: 'AAAA-1111',
  at: Date.parse('2026-03-04T09:00:00Z'),
};

it.each(RISKS)('offers to report only what gives access: %s', (risk) => {
  const { text, blocks } = notice({ words, risk, stopped }, made, {
    approver: undefined,
    report: 'sealed',
  });
  const givesAccess = risk === 'restores' || risk === 'grants';

  expect(text).toContain('A token of yours was disabled by <@U0JONAS> at');
  expect(JSON.stringify(blocks).includes("This wasn't me")).toBe(givesAccess);
  expect(JSON.stringify(blocks).includes('please call your security team')).toBe(!givesAccess);
});

it('asks security to find out about a grant, and only to pass on what takes access away', () => {
  const about = { name: 'Alan', agent: 'U0JONAS', approver: undefined, incident: 'AAAA-1111' };

  expect(nobodyTold({ words, risk: 'grants' }, about, 'failed').text).toContain(
    'Please ask them another way whether they requested it.',
  );
  expect(nobodyTold({ words, risk: 'protects' }, about, 'failed').text).toContain(
    'Please tell them another way.',
  );
});

it('treats a change that this version does not know as one that gives access', () => {
  expect(textOf('from a newer version').risk).toBe('grants');
});

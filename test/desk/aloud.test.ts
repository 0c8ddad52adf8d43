import { describe, expect, it } from 'vitest';
import { inGroups } from '../../src/desk/aloud.ts';

describe('a code that is read out', () => {
  it.each([
    ['799620655', '799 620 655'],
    ['012345', '012 345'],
    ['123456789012', '123 456 789 012'],
    ['12345678', '1234 5678'],
    ['1234567890', '1 234 567 890'],
    ['12345', '12 345'],
    ['1234', '1234'],
    ['', ''],
    ['12-34-56', '12-34-56'],
  ])('is read in groups: %j', (code, grouped) => {
    expect(inGroups(code)).toBe(grouped);
  });
});

import { describe, expect, it } from 'vitest';
import { createAddresses } from '../../src/desk/identity/addresses.ts';

const plain = createAddresses([]);
const same = createAddresses([['corp.test', 'xn--mnchen-3ya.test', 'acme.test']]);

describe('an address', () => {
  it.each([
    ['Jane.Doe@Example.COM', 'jane.doe@example.com'],
    [' jane@example.com. ', 'jane@example.com'],
    ['jane@MÜNCHEN.example', 'jane@xn--mnchen-3ya.example'],
    ['jane@mu\u0308nchen.example', 'jane@xn--mnchen-3ya.example'],
    ['jane@XN--MNCHEN-3YA.example', 'jane@xn--mnchen-3ya.example'],
    ['jane@例え。テスト', 'jane@xn--r8jz45g.xn--zckzah'],
    ['ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'jane@example.com'],
    ['ja\u00ADne@exam\u200Bple.com\u2060', 'jane@example.com'],
    ['\u202Ajane@example.com\u202C', 'jane@example.com'],
    ['jos\u0065\u0301@example.com', 'josé@example.com'],
    ['"jane"@example.com', 'jane@example.com'],
    ['jane+desk@example.com', 'jane+desk@example.com'],
    ['jane@corp', 'jane@corp'],
    ['jane@corp_local', 'jane@corp_local'],
  ])('written as %s is %s', (written, spelt) => {
    expect(plain.spell(written)).toBe(spelt);
    expect(plain.spell(spelt)).toBe(spelt);
  });

  it.each([
    undefined,
    '',
    'jane',
    'ACME\\jane',
    '@example.com',
    'jane@',
    'jane@.',
    'jane@a..b',
    'jane doe@example.com',
    'jane@exam ple.com',
    // Node alone would read example.com.
    'jane@example.com/x',
    'jane@exa%6dple.com',
    'jane@example.com:25',
  ])('is not %s', (written) => {
    expect(plain.spell(written)).toBeUndefined();
    expect(plain.spellings(written)).toEqual([]);
  });

  it('is the same in every domain of the same mailbox', () => {
    const spelt = ['jane@corp.test', 'Jane@münchen.test', 'jane@ACME.test.'].map(same.spell);
    expect(spelt).toEqual(Array(3).fill('jane@corp.test'));
    expect(same.spell('jane@sub.corp.test')).toBe('jane@sub.corp.test');
    expect(same.spellDomain('MÜNCHEN.test')).toBe('corp.test');
  });

  it('is looked up in all its spellings, with its own domain first', () => {
    expect(same.exactly('jane@münchen.test')).toEqual([
      'jane@xn--mnchen-3ya.test',
      'jane@münchen.test',
    ]);
    expect(same.spellings('Jane@ACME.test')).toEqual([
      'jane@acme.test',
      'jane@corp.test',
      'jane@xn--mnchen-3ya.test',
      'jane@münchen.test',
    ]);
  });
});

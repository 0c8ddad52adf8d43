import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSerial, readWho, splitWords } from '../../src/operations/words.ts';
import { markedUp, openHelpDesk } from '../support/help-desk.ts';

/** Anything at all, often made of what the parser looks for. */
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc
    .array(
      fc.constantFrom(
        ...'<@U0GRACE|grace>,<mailto:,a@b.test|,&lt;,<!channel>, ,\n,-,0,7'.split(','),
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);

describe('splitWords', () => {
  it('makes words without blanks and control characters of anything, or nothing', () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const word of splitWords(text) ?? []) {
          expect(word).not.toBe('');
          expect(word).not.toMatch(/\p{Cc}/u);
          expect(text).toContain(word);
        }
      }),
    );
  });

  it('keeps together what Slack put in angle brackets', () => {
    expect(splitWords('user <@U1|jane doe> <mailto:a@b.test|a@b.test>')).toEqual([
      'user',
      '<@U1|jane doe>',
      '<mailto:a@b.test|a@b.test>',
    ]);
  });

  it('takes 500 characters and no more', () => {
    expect(splitWords('x'.repeat(500))).toHaveLength(1);
    expect(splitWords('x'.repeat(501))).toBeUndefined();
  });
});

describe('readWho', () => {
  it.each([
    ['<@U0GRACE|grace>', { mention: 'U0GRACE' }],
    ['<@W0GRACE>', { mention: 'W0GRACE' }],
    ['grace@acme.test', { email: 'grace@acme.test' }],
    ['<mailto:grace@acme.test|grace@acme.test>', { email: 'grace@acme.test' }],
    ['<mailto:grace@acme.test>', { email: 'grace@acme.test' }],
    ['r&amp;d@acme.test', { email: 'r&d@acme.test' }],
    ["o'brien+desk@mail.acme.co.uk", { email: "o'brien+desk@mail.acme.co.uk" }],
    ['jürgen@acme.test', { email: 'jürgen@acme.test' }],
    ['grace@localhost', { email: 'grace@localhost' }],
    ['gokafor', { username: 'gokafor' }],
    ['ACME\\gokafor', { username: 'ACME\\gokafor' }],
    ["d'arc-o’neill_7", { username: "d'arc-o’neill_7" }],
    ['28F964D0-6616-4834-8FD6-3A6F7F534264', { userId: '28f964d0-6616-4834-8fd6-3a6f7f534264' }],
  ])('reads %s', (word, who) => {
    expect(readWho(word)).toEqual(who);
  });

  it.each([
    '<@B0BOT>',
    '<@U0GRACE',
    '<!subteam^S0HELPDESK|@help-desk>',
    '<!here>',
    '<#C0HELPDESK|help-desk>',
    '<mailto:<!channel>|x>',
    '<https://evil.test|grace@acme.test>',
    '@grace',
    'grace@',
    '@acme.test',
    'grace@acme@test',
    'grace@.test',
    'grace@acme.test,alan@acme.test',
    '"grace"',
    '.grace',
    '-grace',
    '../../etc/passwd',
    `${'x'.repeat(65)}@acme.test`,
    `${'x'.repeat(60)}@${'y'.repeat(200)}.test`,
    'x'.repeat(256),
  ])('makes nothing of %s', (word) => {
    expect(readWho(word)).toBeUndefined();
  });

  it('accepts nothing in which Slack or a log would read more than letters', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const who: Record<string, string> = readWho(text) ?? {};
        for (const value of Object.values(who)) {
          expect(value).toMatch(/^[^\s\p{Cc}<>"`]{1,254}$/u);
          expect(text.toLowerCase()).toContain(value.replaceAll('&', '&amp;').toLowerCase());
        }
      }),
    );
  });

  it('does not take long over a hostile word', () => {
    for (const word of ['a'.repeat(500), `${'a'.repeat(60)}@${'a-.'.repeat(160)}!`]) {
      expect(readWho(word)).toBeUndefined();
    }
  });
});

describe('readSerial', () => {
  it('accepts digits alone, all of them and in their order', () => {
    const spoken = fc.array(fc.constantFrom('0', '9', '12', '-', '–', ' ', 'O', '٣'));
    fc.assert(
      fc.property(fc.oneof(fc.array(anything), spoken), (words) => {
        const serial = readSerial(words);
        if (serial === undefined) return;
        expect(serial).toMatch(/^[0-9]{1,36}$/);
        expect(serial).toBe(words.join('').replace(/[^0-9]/g, ''));
      }),
    );
  });
});

describe('whatever is typed behind /securid', () => {
  it('is answered without markup that is not ours', async () => {
    const { agent } = await openHelpDesk();
    const command = fc.constantFrom('', 'user ', 'authenticators ', 'code ', 'token ', 'license ');

    await fc.assert(
      fc.asyncProperty(command, anything, async (name, text) => {
        // A bare command opens the form.
        const answer = await agent.asks(`/securid ${name}x${text}`);
        expect(markedUp(answer).join().replaceAll('<!subteam^S0MANAGERS>', '')).not.toContain('<');
      }),
      { numRuns: 60 },
    );
  });
});

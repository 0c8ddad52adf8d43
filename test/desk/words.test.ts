import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSerial, readSerials, readWho, splitWords } from '../../src/desk/words.ts';
import { markedUp, openHelpDesk } from '../support/help-desk.ts';

/** Arbitrary text, often with the parser's special characters. */
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
  it('turns any text into words without blanks and invisible characters, or into nothing', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const words = splitWords(text) ?? [];
        for (const word of words) {
          expect(word).toMatch(/^[^\s\p{Cc}\p{Cf}“”‘’]+$/u);
          expect(word).toBe(word.normalize('NFKC'));
        }
        // Reading its own result changes nothing.
        expect(splitWords(words.join(' '))).toEqual(words);
      }),
    );
  });

  it('keeps together what Slack put in angle brackets, and reads its links as people do', () => {
    expect(
      splitWords('user <@U1|jane doe>,<mailto:a@b.test|a@b.test> ACME\\<http://ann.kim|ann.kim>'),
    ).toEqual(['user', '<@U1|janedoe>', ',', 'a@b.test', 'ACME\\ann.kim']);
  });

  it.each([
    ['<http://ann.kim|ann.kim>', 'ann.kim'],
    ['<http://ann.kim/|Ann.Kim>', 'Ann.Kim'],
    ['<https://xn--mnchen-3ya.test|münchen.test>', 'münchen.test'],
    ['<tel:+12025550143|+1 202>', '+1 202'],
    ['<tel:900001>', '900001'],
    ['<mailto:o%27brien@acme.test|o’brien@acme.test>', "o'brien@acme.test"],
    ['<mailto:grace@acme.test?subject=hi|GRACE@acme.test>', 'GRACE@acme.test'],
    ['<mailto:grace@acme.test|Grace Hopper>', 'grace@acme.test'],
    ['&lt;<mailto:grace@acme.test|grace@acme.test>&gt;', '<grace@acme.test>'],
    ['&lt;mailto:grace@acme.test&gt;', '<grace@acme.test>'],
    ['SMTP:grace@acme.test', 'grace@acme.test'],
    ['[Grace](mailto:grace@acme.test)', 'Grace <grace@acme.test>'],
    ['gokafor, ;', 'gokafor'],
    [', gokafor', 'gokafor'],
    ['lockdown on!!', 'lockdown on'],
    ['- gokafor - ios', 'gokafor ios'],
    ['?', '?'],
    ['😈 !', '😈'],
  ])('reads %s as people do', (text, read) => {
    expect(splitWords(text)?.join(' ')).toBe(read);
  });

  it.each([
    '<https://evil.test|grace@acme.test>',
    '<https://evil.test|acme.test>',
    '<mailto:alan@acme.test|grace@acme.test>',
    '<mailto:grace@acme.test,alan@acme.test|grace>',
  ])('rejects %s, a link that leads elsewhere than it reads', (text) => {
    expect(splitWords(text)).toEqual(['<>']);
  });

  it('accepts 500 characters and no more', () => {
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
    ['gokafor?', { username: 'gokafor' }],
    ['username:gokafor', { username: 'gokafor' }],
    ['ACME\\gokafor', { username: 'ACME\\gokafor' }],
    ["d'arc-o’neill_7", { username: "d'arc-o'neill_7" }],
    ['o´brien', { username: "o'brien" }],
    ['o`brien', { username: "o'brien" }],
    ['oʼbrien@acme.test', { email: "o'brien@acme.test" }],
    ['jose\u0301', { username: 'josé' }],
    ['ｊｄｏｅ', { username: 'jdoe' }],
    ['_svc', { username: '_svc' }],
    ['svc-backup$', { username: 'svc-backup$' }],
    ['грейс', { username: 'грейс' }],
    ['грейс@почта.рф', { email: 'грейс@почта.рф' }],
    ['王小明', { username: '王小明' }],
    ['Ελένη', { username: 'Ελένη' }],
    ['محمد', { username: 'محمد' }],
    ['דָּוִד', { username: 'דָּוִד' }],
    ['राहुल', { username: 'राहुल' }],
    ['grace@例え。jp', { email: 'grace@例え.jp' }],
    ['\u200bgrace@acme.test\u200b', { email: 'grace@acme.test' }],
    ['\u202agrace@acme.test\u202c', { email: 'grace@acme.test' }],
    ['\u2068grace@acme.test\u2069', { email: 'grace@acme.test' }],
    ['\ufeffgrace@ac\u00adme.test\ufffc', { email: 'grace@acme.test' }],
    ['\tgrace@acme.test\r\n', { email: 'grace@acme.test' }],
    ['\u00a0grace@acme.test\u3000', { email: 'grace@acme.test' }],
    ['“grace@acme.test”', { email: 'grace@acme.test' }],
    ['«gokafor»', { username: 'gokafor' }],
    ['„gokafor“', { username: 'gokafor' }],
    ["'gokafor'", { username: 'gokafor' }],
    ['`grace@acme.test`', { email: 'grace@acme.test' }],
    ['[grace@acme.test]', { email: 'grace@acme.test' }],
    ['(gokafor)', { username: 'gokafor' }],
    ['"(grace@acme.test)",', { email: 'grace@acme.test' }],
    ['grace＠acme．test', { email: 'grace@acme.test' }],
    ['grace@acme.test.', { email: 'grace@acme.test' }],
    ['grace@acme.test:', { email: 'grace@acme.test' }],
    ['*grace@acme.test*', { email: 'grace@acme.test' }],
    ['@grace@acme.test', { email: 'grace@acme.test' }],
    ['grace@acme.test?', { email: 'grace@acme.test' }],
    ['grace@acme.test。', { email: 'grace@acme.test' }],
    ['grace@acme.test؟', { email: 'grace@acme.test' }],
    ['grace@acme.test।', { email: 'grace@acme.test' }],
    ['grace@acme.test •', { email: 'grace@acme.test' }],
    ['→ grace@acme.test', { email: 'grace@acme.test' }],
    ['➢ grace@acme.test', { email: 'grace@acme.test' }],
    ['| grace@acme.test |', { email: 'grace@acme.test' }],
    ['_<@U0GRACE>_', { mention: 'U0GRACE' }],
    ['~<@U0GRACE>~', { mention: 'U0GRACE' }],
    ['<@U0GRACE> ?', { mention: 'U0GRACE' }],
    ['gokafor!', { username: 'gokafor' }],
    ['gokafor;', { username: 'gokafor' }],
    ['sAMAccountName:gokafor', { username: 'gokafor' }],
    ['mailto:grace@acme.test?subject=hi', { email: 'grace@acme.test' }],
    ['jean\u2011luc', { username: 'jean-luc' }],
    ['jean–luc@acme.test', { email: 'jean-luc@acme.test' }],
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
    'Grace Hopper',
    '😈',
    '{}',
    '.grace',
    '-grace',
    '../../etc/passwd',
    `${'x'.repeat(65)}@acme.test`,
    `${'x'.repeat(60)}@${'y'.repeat(200)}.test`,
    'x'.repeat(256),
  ])('rejects %s', (word) => {
    expect(readWho(word)).toBeUndefined();
  });

  it('accepts nothing that Slack or a log would read as more than letters', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const who: Record<string, string> = readWho(text) ?? {};
        for (const value of Object.values(who)) {
          expect(value).toMatch(/^[^\s\p{Cc}\p{Cf}<>"`]{1,254}$/u);
          expect(value).toBe(value.normalize('NFKC'));
        }
      }),
    );
  });

  it('is quick even with a hostile word', () => {
    for (const word of ['a'.repeat(500), `${'a'.repeat(60)}@${'a-.'.repeat(160)}!`]) {
      expect(readWho(word)).toBeUndefined();
    }
  });
});

describe('readSerial', () => {
  it.each([
    '#000000900001',
    'SN:000000900001',
    'S/N 000000900001',
    'Serial number: 000000900001',
    'Serial No. 000000900001',
    '№ 000000900001',
    '0000.0090.0001',
    '0000\u22120090\u22120001',
    '0000—0090—0001',
    '0000 0090\u00a00001',
    '０００００００９００００１'.slice(1),
    "'000000900001",
    '="000000900001"',
    '“000000900001”,',
    '\u200b000000900001\u200b',
    '<tel:000000900001|000000900001>',
    'RSA token 000000900001',
    'RSA SecurID 700 000000900001',
    'Seriennr. 000000900001',
    'N° 000000900001',
    '<http://0000.0090.0001|0000.0090.0001>',
    '(000000900001)',
    '000000900001?',
    '000000900001。',
    'SecurID 700 S/N 000000900001',
    'N° de série : 000000900001',
    'Número de serie 000000900001',
    '~000000900001~',
  ])('reads %s', (text) => {
    expect(readSerial([text])).toBe('000000900001');
    expect(readSerials(text.split(' '))).toEqual(['000000900001']);
  });

  it.each(['1. 000000900001', '(2) 000000900001', '12) SN:000000900001'])(
    'reads the only one of a numbered list: %s',
    (text) => {
      expect(readSerials(text.split(' '))).toEqual(['000000900001']);
    },
  );

  it('reads one in parts, separated by commas', () => {
    expect(readSerials(['0000,0090,0001'])).toEqual(['000000900001']);
  });

  it.each([
    '000000900001, 000000900002',
    '000000900001;000000900002',
    '000000900001\n000000900002',
    'SN 000000900001 SN 000000900002',
    '000000900001/000000900002',
    '000000900001-000000900002',
  ])('recognizes two in %j', (text) => {
    expect(readSerials([text])).toEqual(['000000900001', '000000900002']);
  });

  it('sends no part number and serial number as one', () => {
    expect(readSerials(['SID700-6-60-36-25', '000000900001'])).toHaveLength(2);
  });

  it('accepts only digits, all of them and in order', () => {
    const spoken = fc.array(fc.constantFrom('0', '9', '12', '-', '–', ' ', 'O', '٣'));
    fc.assert(
      fc.property(fc.oneof(fc.array(anything), spoken), (words) => {
        const serial = readSerial(words);
        if (serial === undefined) return;
        expect(serial).toMatch(/^[0-9]{1,36}$/);
        expect(serial).toBe(
          words
            .join('')
            .normalize('NFKC')
            .replace(/[^0-9]/g, ''),
        );
      }),
    );
  });
});

describe('whatever is typed after /securid', () => {
  it('is answered without foreign markup', async () => {
    const { agent } = await openHelpDesk();
    const command = fc.constantFrom('', 'user ', 'authenticators ', 'code ', 'token ', 'license ');

    await fc.assert(
      fc.asyncProperty(command, anything, async (name, text) => {
        // A bare command opens the form instead.
        const answer = await agent.asks(`/securid ${name}x${text}`);
        expect(markedUp(answer).join().replaceAll('<!subteam^S0MANAGERS>', '')).not.toContain('<');
      }),
      { numRuns: 60 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateTime, day, escapeMrkdwn, oneLine, unescapeMrkdwn } from '../../src/slack/mrkdwn.ts';

const anything = fc.string({ unit: 'binary' });

describe('escapeMrkdwn', () => {
  it('leaves nothing that Slack would read as a link or a mention', () => {
    fc.assert(fc.property(anything, (text) => !/[<>]/.test(escapeMrkdwn(text))));
  });

  it('is reversed by unescapeMrkdwn', () => {
    const entities = fc.array(fc.constantFrom('&', '<', '>', 'amp;', 'lt;', '&amp;', '&lt;'));
    const text = fc.oneof(
      anything,
      entities.map((parts) => parts.join('')),
    );
    fc.assert(fc.property(text, (text) => unescapeMrkdwn(escapeMrkdwn(text)) === text));
  });
});

describe('oneLine', () => {
  it('is never longer than asked for, whatever counts as a character', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 80 }), (text, length) => {
        expect(oneLine(text, length).length).toBeLessThanOrEqual(length);
      }),
    );
  });

  it('contains no control characters, line breaks or direction marks', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(oneLine(text, 100)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('cuts no character in half', () => {
    const emoji = fc.string({ unit: fc.constantFrom('😈', 'a', '👩‍💻') });
    fc.assert(
      fc.property(emoji, fc.integer({ min: 1, max: 20 }), (text, length) => {
        expect(() => encodeURIComponent(oneLine(text, length))).not.toThrow();
      }),
    );
  });

  it.each<[string, string[]]>([
    [
      'of no width',
      ['\u00ad', '\u034f', '\u200b', '\u200c', '\u200d', '\u2060', '\u2064', '\ufeff', '\ufffc'],
    ],
    ['that are blank', ['\u115f', '\u1160', '\u2800', '\u3164', '\uffa0', '\u{1d159}', '\u3000']],
    ['that choose a glyph', ['\ufe0f', '\ufe00', '\u{e0100}', '\u180b']],
    ['that are tags', ['\u{e0001}', '\u{e0041}', '\u{e007f}']],
    ['that turn the direction', ['\u202e', '\u2066', '\u061c', '\u200f']],
    ['of half a pair', ['\ud800', '\udbff']],
    ['without a letter under them', ['\u0301', '\u20e3']],
  ])('is empty if there are only characters %s', (_, characters) => {
    for (const one of [...characters, characters.join(' '), characters.join('').repeat(20)]) {
      expect(oneLine(one, 100)).toBe('');
    }
    expect(oneLine(`INC${characters[0]}4711`, 100).replace(' ', '')).toMatch(/^INC\p{M}?4711$/u);
  });

  it.each(['👩‍💻', '👩🏽‍💻', '❤️‍🔥', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '3️⃣', '🇩🇪', 'می‌خواهم', 'क्‍ष', 'José'])(
    'leaves %s as it is',
    (text) => {
      expect(oneLine(text, 100)).toBe(text);
    },
  );

  it('removes nothing more the second time', () => {
    const odd = fc.string({
      unit: fc.constantFrom(
        ...'a1-😈👩❤\ufe0f\u200d\u200c\u3164\u0301\u20e3آक',
        '\u{1f3f4}',
        '\u{e0067}',
        '\u{e007f}',
        '\u061c',
      ),
    });
    fc.assert(
      fc.property(fc.oneof(anything, odd), (text) => {
        expect(oneLine(oneLine(text, 1000), 1000)).toBe(oneLine(text, 1000));
      }),
    );
  });

  it('keeps short text, and shows where something is missing', () => {
    expect(oneLine('  Grace\n\tOkafor ', 12)).toBe('Grace Okafor');
    expect(oneLine('Grace Okafor', 11)).toBe('Grace Okaf…');
  });
});

describe('points in time', () => {
  const date = new Date('2026-03-04T23:30:00Z');

  it('are shown in the reader’s time zone, or in UTC if a client does not know it', () => {
    expect(dateTime(date, 'moment')).toBe(
      '<!date^1772667000^{date_num} {time}|2026-03-04 23:30 UTC>',
    );
  });

  it('are dates in UTC if only the day matters', () => {
    expect(day(date)).toBe('2026-03-04');
  });
});

describe('dateTime', () => {
  it.each([-1, 253_402_300_800_000])('uses UTC where Slack documents nothing: %d', (ms) => {
    expect(dateTime(new Date(ms), 'moment')).toMatch(/^[+\d-]+ \d\d:\d\d UTC$/);
  });
});

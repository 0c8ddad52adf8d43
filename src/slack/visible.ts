/** Scripts in which a joiner changes how two letters look. */
const JOINED =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}]/u
    .source;

/** What is invisible by itself and part of something that is seen: joined letters and emoji, and flags. */
const PART = [
  `(?<=${JOINED})(?<=[\\p{L}\\p{M}])[\\u200c\\u200d](?=${JOINED})(?=[\\p{L}\\p{M}])`,
  '(?<=\\p{Extended_Pictographic}\\ufe0f?\\p{Emoji_Modifier}?)\\u200d(?=\\p{Extended_Pictographic})',
  '(?<=\\p{Extended_Pictographic})\\ufe0f',
  '(?<=[\\d#*])\\ufe0f(?=\\u20e3)',
  '(?<=\\u{1f3f4})[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{3,6}\\u{e007f}',
].join('|');

/**
 * What is as wide as a space, or ends a line: also the Hangul fillers, which are letters, and the blanks
 * of Braille, music and hieroglyphs.
 */
const BLANK =
  '[\\p{Cc}\\p{Z}\\u115f\\u1160\\u2800\\u3164\\uffa0\\u{13441}\\u{13442}\\u{16fe4}\\u{1d159}]';

/**
 * U+FFFC stands for an object that is not there, and is shown as nothing in most fonts.
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const NOTHING = '[\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Cs}\\ufffc]';

const INVISIBLE = new RegExp(`(${PART})|(${BLANK})|${NOTHING}`, 'gu');

/** A mark with no letter under it shows nothing that anybody could read. */
const READABLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A text without what cannot be seen: characters of no width are dropped, those that turn its direction
 * with them, and blanks become spaces. Empty where nothing is left to read.
 */
export function visible(text: string): string {
  const seen = text.replace(INVISIBLE, (_, part?: string, blank?: string) => {
    return part ?? (blank === undefined ? '' : ' ');
  });
  return READABLE.test(seen) ? seen : '';
}

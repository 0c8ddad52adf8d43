/**
 * A code in groups of three or four, to be read out on the phone: `799 620 655`, `1234 5678`.
 * @param code digits or letters; anything else stays as it is
 */
export function inGroups(code: string): string {
  if (code.length < 5 || !/^[\p{L}\p{N}]+$/u.test(code)) return code;
  const size = code.length % 3 !== 0 && code.length % 4 === 0 ? 4 : 3;
  const first = code.length % size;
  const rest = code.slice(first).match(new RegExp(`.{${size}}`, 'gu')) ?? [];
  return [code.slice(0, first), ...rest].filter(Boolean).join(' ');
}

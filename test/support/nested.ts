/** Every object in a value, at any depth. */
export function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? below : [{ ...value }, ...below];
}

/** All texts in which Slack reads markup. */
export const markupIn = (blocks: unknown): string[] =>
  objectsIn(blocks).flatMap(({ type, text }) => (type === 'mrkdwn' ? String(text) : []));

import { parseAst } from 'vite';

type Func = { name: string; lines: number };

type Node = { type: string; start: number; end: number; id?: unknown; key?: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const nameIn = (value: unknown) =>
  isNode(value) && 'name' in value ? String(value.name) : undefined;

/**
 * Every function in a source file, nested ones included. One without a name gets that of what contains it.
 */
export function functionsIn({ path, text }: { path: string; text: string }): Func[] {
  const found: Func[] = [];
  function look(value: unknown, outer: string): void {
    if (Array.isArray(value)) for (const one of value) look(one, outer);
    if (!isNode(value)) return;
    const name = nameIn(value.id) ?? nameIn(value.key) ?? outer;
    if (/Function/.test(value.type)) {
      found.push({ name, lines: text.slice(value.start, value.end).split('\n').length });
    }
    for (const below of Object.values(value)) look(below, name);
  }
  look(parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }, path), path);
  return found;
}

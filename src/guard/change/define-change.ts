import type { z } from 'zod';
import type { CallOptions } from '../../securid/index.ts';
import type { Asked, Fact, Input, OwnCard } from './asked.ts';
import type { Change } from './change.ts';
import type { Definition } from './declaration.ts';
import { type Field, type Options, optionsOf } from './fields.ts';

/**
 * Declares what is particular to a change. The guard does the rest, which is the same
 * for all: the command and its card, the form, the rules, approval, the limits, the
 * queue, the audit trail and the notice.
 * @param definition `name` is what the agent types, and part of action ids, seals, rows and
 *   metrics; for the rest, see `declaration.ts`
 */
export function defineChange<S extends z.ZodObject, A>(definition: Definition<S, A>): Change {
  const { view, input, read, settle, unable, ...rest } = definition;
  const { words, title, done: _, ...say } = view;
  const {
    limits = [],
    card = async (): Promise<OwnCard> => ({ facts: [], blocks: [] }),
    fields,
  } = rest;
  const strings = (given: object): Input =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'));

  return {
    ...NOT_TYPED,
    ...rest,
    switchedBy: rest.switchedBy ?? rest.name,
    scopes: [rest.scope, ...(rest.moreScopes ?? [])],
    isTyped: rest.isTyped ?? true,
    words,
    title,
    say,
    limits,
    card,
    facts: rest.facts ?? ((given, options) => chosen(fields, given, options)),
    explain: rest.explain ?? (async () => []),
    isSecret: rest.present !== undefined,
    read(words) {
      const more = words.length === 0 ? {} : read?.(words);
      return more && strings(more);
    },
    complete(given) {
      const { data, error } = input.safeParse(given);
      if (data) return { input: strings(data) };
      const paths = new Set(error?.issues.map(({ path }) => path[0]));
      const missing = fields.filter(({ id }) => paths.has(id));
      return { errors: Object.fromEntries(missing.map((field) => [field.id, field.missing])) };
    },
    unable: (user, given) => unable?.(user, given),
    suits: rest.suits ?? (() => (rest.isTyped === false ? undefined : 'possible')),
    settle: (user, asked) => strings(settle?.(user, asked) ?? {}),
    ...requestsOf(definition),
  };
}

/** How a declared change is carried out, and looked for if no usable answer arrived. */
function requestsOf<S extends z.ZodObject, A>(
  definition: Definition<S, A>,
): Pick<Change, 'first' | 'perform' | 'lookAgain'> {
  const { input, first, perform, readBack, lookAgain, present, next, view } = definition;
  const whole = ({ input: given, ...asked }: Asked) => ({ ...asked, input: input.parse(given) });

  /** Tells what was answered, or read back since. */
  function performed(asked: Asked<z.output<S>>, tell: () => A) {
    const done = (name: string, expiresAt?: Date) => ({
      ...asked,
      answer: tell(),
      name,
      expiresAt,
    });
    return {
      secret: present?.(tell()),
      blocks: (name: string, expiresAt?: Date) => view.done(done(name, expiresAt)),
      next: (name: string) => next?.(done(name)) ?? [],
    };
  }

  return {
    first(given) {
      const { data } = input.safeParse(given);
      return data && first?.(data);
    },
    async perform(given, options) {
      const asked = whole(given);
      let answer = await perform(asked, options);
      const again = async (options: CallOptions) => {
        answer = (await readBack?.(asked, options)) ?? answer;
      };
      return {
        ...performed(asked, () => answer),
        readBack: answer === undefined && readBack ? again : undefined,
      };
    },
    lookAgain:
      lookAgain &&
      (async (given, options) => {
        const asked = whole(given);
        const { isMade, answer } = await lookAgain(asked, options);
        if (!isMade) return undefined;
        return { ...performed(asked, () => answer), readBack: undefined };
      }),
  };
}

const NOT_TYPED = { args: '', example: '', summary: '', task: '' };

/** The chosen options, under the form's labels. */
const chosen = (fields: readonly Field[], given: Input, offered?: Options): Fact[] =>
  fields.map((field) => {
    const value = given[field.id];
    return [field.label, optionsOf(field, offered)?.[value ?? ''] ?? value];
  });

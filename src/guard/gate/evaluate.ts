import { troubleOf } from '../../slack/trouble.ts';
import type { FactName, Facts, Found, Given, Sources } from './facts.ts';
import { type Refusal, untold } from './refusal.ts';
import type { Rule } from './rules.ts';
import { RoleUntold } from './sources.ts';

export type Inquiry = {
  /** In the order in which they are asked. */
  rules: readonly Rule[];
  given: Given;
  /** A fact without a source cannot be determined. */
  sources: Partial<Sources>;
  /**
   * Slow facts: those that are needed are fetched in parallel. All others are fetched when their
   * rule is evaluated.
   */
  ahead: readonly FactName[];
  /** Whether a rule that cannot be checked allows the change. By default it refuses. */
  passesUntold?: (rule: Rule) => boolean;
  onUntold: (rule: Rule, error: unknown) => void;
};

/** The rules that bind this change as it stands. */
export const bindingRules = <One extends Pick<Rule, 'binds' | 'where'>>(
  rules: readonly One[],
  given: Given,
): One[] =>
  rules.filter(({ binds, where }) => binds.includes(given.change.risk) && (where?.(given) ?? true));

/** Evaluates the binding rules in order, until one refuses. Never throws. */
export async function evaluate(inquiry: Inquiry): Promise<Refusal | undefined> {
  const { given, sources, passesUntold = () => false, onUntold } = inquiry;
  const rules = bindingRules(inquiry.rules, given);
  const long = (needs: readonly FactName[]) => needs.filter((name) => inquiry.ahead.includes(name));
  let hasBegun = false;

  for (const [index, rule] of rules.entries()) {
    try {
      if (!hasBegun && long(rule.needs).length > 0) {
        hasBegun = true;
        begin(long(rules.slice(index).flatMap(({ needs }) => needs)), sources);
      }
      const refusal = refusalOf(rule, { ...given, ...(await find(rule.needs, sources)) });
      if (refusal) return refusal;
    } catch (error) {
      onUntold(rule, error);
      const trouble = error instanceof RoleUntold ? error.trouble : troubleOf(error);
      if (!passesUntold(rule)) return untold(given.change.words, trouble);
    }
  }
  return undefined;
}

function begin(names: readonly FactName[], sources: Partial<Sources>): void {
  // A failure reaches whichever rule needs the fact.
  for (const name of names) void sources[name]?.().catch(() => {});
}

/**
 * @throws what a source throws, or an Error if a fact has no source
 */
export async function find<Need extends FactName>(
  needs: readonly Need[],
  sources: Partial<Sources>,
): Promise<Pick<Found, Need>> {
  const found = await Promise.all(needs.map(async (name) => [name, await ask(name, sources)]));
  // The type of `Object.fromEntries` does not say which fact is which.
  return Object.fromEntries(found) as Pick<Found, Need>;
}

function ask(name: FactName, sources: Partial<Sources>): Promise<unknown> {
  const source = sources[name];
  if (!source) throw new Error(`nobody tells ${name}`);
  return source();
}

function refusalOf(rule: Rule, facts: Facts): Refusal | undefined {
  if ('refusal' in rule) return rule.refusal(facts);
  if (rule.allows(facts)) return undefined;
  const { words } = facts.change;
  const { name, symptom } = rule;
  const toApprover = rule.toApprover?.(words);
  return {
    rule: name,
    sentence: rule.sentence(words),
    ...(toApprover && { toApprover }),
    ...(symptom && { symptom }),
  };
}

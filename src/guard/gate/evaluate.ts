import { troubleOf } from '../../slack/trouble.ts';
import type { FactName, Facts, Found, Given, Sources } from './facts.ts';
import { type Refusal, untold } from './refusal.ts';
import type { Rule } from './rules.ts';
import { RoleUntold } from './sources.ts';

type Inquiry = {
  /** In the order in which they are asked. */
  rules: readonly Rule[];
  given: Given;
  /** A fact without a source cannot be told. */
  sources: Partial<Sources>;
  /** Facts that take long: those that are needed are asked for together. All others are asked for at their rule. */
  ahead: readonly FactName[];
  /** Whether a rule that cannot be told lets pass. Without it, it refuses. */
  passesUntold?: (rule: Rule) => boolean;
  onUntold: (rule: Rule, error: unknown) => void;
};

/** The rules that bind this change as it stands. */
export const bindingRules = <One extends Pick<Rule, 'binds' | 'where'>>(
  rules: readonly One[],
  given: Given,
): One[] =>
  rules.filter(({ binds, where }) => binds.includes(given.change.risk) && (where?.(given) ?? true));

/** Asks the rules that bind, in order, until one refuses. Never throws. */
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
  // Whichever rule needs it hears of a failure.
  for (const name of names) void sources[name]?.().catch(() => {});
}

/** @throws whatever the sources throw, and where there is none */
export async function find<Need extends FactName>(
  needs: readonly Need[],
  sources: Partial<Sources>,
): Promise<Pick<Found, Need>> {
  const found = await Promise.all(needs.map(async (name) => [name, await ask(name, sources)]));
  // By its entries an object no longer knows which fact is which.
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
  const toApprover = rule.toApprover?.(words);
  return { rule: rule.name, sentence: rule.sentence(words), ...(toApprover && { toApprover }) };
}

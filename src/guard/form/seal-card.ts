import { LIMITS } from '../../slack/limits.ts';
import { oneLine } from '../../slack/mrkdwn.ts';
import { type Seal, sealForButton } from '../../slack/seal.ts';
import type { Options } from '../change/fields.ts';
import { CARD_LIFETIME, type Card, idsOf } from './card.ts';

type SealedCard = {
  /** For the card's buttons. */
  value: string;
  /** What the form lets the agent choose. */
  options: Options;
};

/**
 * Seals a card so that it fits into a button. If it is too long, it first leaves out what was filled in or
 * verified before, if that is enough, and then the last options of each field.
 * @returns `undefined` if even the rest is too long
 */
export async function sealCard(
  seal: Seal,
  change: { name: string },
  { options: offered = {}, ...card }: Card,
): Promise<SealedCard | undefined> {
  const options = mapped(offered, (all) =>
    all.filter(isTaken).slice(0, LIMITS.selectOptions).map(shortened),
  );
  const { typed, ...rest } = card;
  const { verified, ...least } = rest;

  async function fitted(one: Card, count?: number): Promise<SealedCard | undefined> {
    const first = mapped(options, (all) => all.slice(0, count));
    const whole = Object.keys(first).length > 0 ? { ...one, options: first } : one;
    const value = await sealForButton(seal, idsOf(change).card, [whole], CARD_LIFETIME);
    return value === undefined ? undefined : { value, options: first };
  }

  for (const one of [card, rest, least]) {
    const whole = await fitted(one);
    if (whole) return whole;
  }
  const most = Math.max(0, ...Object.values(options).map((all) => Object.keys(all).length));
  for (const one of [rest, least]) {
    const found = await longest(most, (count) => fitted(one, count));
    if (found) return found;
  }
  return fitted(least, 0);
}

type Entries = [value: string, label: string][];

const mapped = (options: Options, choose: (all: Entries) => Entries): Options =>
  Object.fromEntries(
    Object.entries(options)
      .map(([id, all]) => [id, Object.fromEntries(choose(Object.entries(all)))] as const)
      .filter(([, all]) => Object.keys(all).length > 0),
  );

const isTaken = ([value]: Entries[number]) => value !== '' && value.length <= LIMITS.optionValue;

const shortened = ([value, label]: Entries[number]): Entries[number] => [
  value,
  oneLine(label, LIMITS.optionText),
];

/** What `tryFit` returns for the highest count, up to `most`, that fits. */
async function longest<T>(
  most: number,
  tryFit: (count: number) => Promise<T | undefined>,
): Promise<T | undefined> {
  let [found, fits, tooMany]: [T | undefined, number, number] = [undefined, 0, most + 1];
  while (tooMany - fits > 1) {
    const count = Math.floor((fits + tooMany) / 2);
    const one = await tryFit(count);
    if (one) [found, fits] = [one, count];
    else tooMany = count;
  }
  return found;
}

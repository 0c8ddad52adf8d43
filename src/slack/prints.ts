import { createHash } from 'node:crypto';

const FEWEST_SLOTS = 1024;
const FULLEST = 0.8;

/**
 * A set of strings that holds eight bytes of each, ten with its free slots: a string cut out of a request
 * would keep the whole request in memory. Two of a hundred thousand are taken for the same about once in
 * fifty thousand sets.
 */
export function createPrints() {
  // An empty slot is 0.
  let slots = new Float64Array(FEWEST_SLOTS);
  let used = 0;

  /** Where a print stands, or would stand. */
  function slotOf(print: number): number {
    let at = print % slots.length;
    while (slots[at] !== 0 && slots[at] !== print) at = (at + 1) % slots.length;
    return at;
  }

  function grow(): void {
    const full = slots;
    slots = new Float64Array(full.length * 2);
    for (const print of full) if (print !== 0) slots[slotOf(print)] = print;
  }

  return {
    has(key: string): boolean {
      const print = printOf(key);
      return slots[slotOf(print)] === print;
    },
    /** True unless it was there. */
    add(key: string): boolean {
      const print = printOf(key);
      const at = slotOf(print);
      if (slots[at] === print) return false;
      slots[at] = print;
      used += 1;
      if (used > slots.length * FULLEST) grow();
      return true;
    },
  };
}

/** Six bytes, which a number holds exactly; never that of an empty slot. */
const printOf = (key: string) => createHash('sha256').update(key).digest().readUIntBE(0, 6) || 1;

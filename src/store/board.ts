import type { Clock } from '../clock.ts';

/** An entry on a board. */
export type Entry = {
  /** `undefined` if it was not written with this app's secret. */
  text: string | undefined;
  /** The raw entry, needed to replace it. */
  raw: string;
};

type Visit = {
  /** The instance that looks. It counts as present for some seconds. */
  member: string;
  /** The last epoch in which this instance shared all it knows. */
  joined: string;
  /** The version it has seen; if nothing has changed, no entries are returned. */
  seen: string;
};

export type Sight = {
  /** Changes when the store has lost its data or an instance was cut off. */
  epoch: string;
  /** Whether any instance was cut off before this epoch and may know more than is on the board. */
  wasCutOff: boolean;
  version: string;
  /** All entries; `undefined` if nothing has changed. */
  entries: Map<string, Entry> | undefined;
  /** Instances seen lately, with the last epoch in which each shared all it knows. */
  members: Map<string, string>;
};

/**
 * Named entries that all instances share. Every method throws StoreError when the store is away.
 */
export type Board = {
  look(visit: Visit): Promise<Sight>;
  /**
   * Replaces `expected`, or adds if there is no entry.
   * @returns the entry after that, which may be another instance's
   */
  write(name: string, expected: string | undefined, text: string): Promise<Entry>;
  /** Removes entries that are still as given, by name. */
  remove(entries: Map<string, string>): Promise<void>;
  /** Says that this instance is gone. */
  leave(member: string): Promise<void>;
};

/** How long a member counts as present after it looked, in milliseconds. */
export const BOARD_LEASE = 10_000;

/** More or longer entries than these are not this app's. */
export const BOARD_LIMITS = { entries: 20_000, name: 300, text: 300, members: 200 };

/** A board in memory, for one process. */
export function createMemoryBoard(clock: Clock): Board {
  const entries = new Map<string, Entry>();
  const members = new Map<string, { joined: string; at: number }>();
  let version = 0;

  return {
    async look({ member, joined, seen }) {
      const now = clock.elapsed();
      members.set(member, { joined, at: now });
      for (const [id, { at }] of members) if (now - at > BOARD_LEASE) members.delete(id);
      return {
        epoch: 'memory',
        wasCutOff: false,
        version: String(version),
        entries: seen === String(version) ? undefined : new Map(entries),
        members: new Map([...members].map(([id, one]) => [id, one.joined])),
      };
    },
    async write(name, expected, text) {
      const there = entries.get(name);
      if (there && there.raw !== expected) return there;
      const entry = { text, raw: text };
      entries.set(name, entry);
      version += 1;
      return entry;
    },
    async remove(old) {
      for (const [name, raw] of old) if (entries.get(name)?.raw === raw) entries.delete(name);
      version += 1;
    },
    async leave(member) {
      members.delete(member);
    },
  };
}

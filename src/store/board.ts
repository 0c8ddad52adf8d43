import type { Clock } from '../clock.ts';

/** Something that stands on a board under a name. */
export type Entry = {
  /** `undefined` where no instance of this app wrote it, or one with another secret. */
  text: string | undefined;
  /** As it stands there, to be named when it is replaced. */
  raw: string;
};

type Visit = {
  /** Who looks. It counts as there for some seconds. */
  member: string;
  /** The last epoch in which this instance has told all it knows. */
  joined: string;
  /** The version it has seen: if nothing was written since, the entries are not told again. */
  seen: string;
};

export type Sight = {
  /** Changes when the store has lost what it held, and when an instance was cut off from it. */
  epoch: string;
  /** Whether this instance or another was cut off before this epoch: somebody may know what is not told yet. */
  wasCutOff: boolean;
  version: string;
  /** All of them; `undefined` where nothing has changed. */
  entries: Map<string, Entry> | undefined;
  /** Who was there lately, and the last epoch in which it has told all it knows. */
  members: Map<string, string>;
};

/**
 * What all instances write for each other, by name, and keep. Every method throws StoreError when the
 * store is away.
 */
export type Board = {
  look(visit: Visit): Promise<Sight>;
  /**
   * Writes in place of `expected`, or where nothing stands.
   * @returns what stands there then, which may be what another wrote meanwhile
   */
  write(name: string, expected: string | undefined, text: string): Promise<Entry>;
  /** Takes what stands there as it is named, by name. */
  remove(entries: Map<string, string>): Promise<void>;
  /** This instance is there no more. */
  leave(member: string): Promise<void>;
};

/** For so long a member counts as there after it looked, in milliseconds. */
export const BOARD_LEASE = 10_000;

/** More entries than this, or longer ones, are not this app's. */
export const BOARD_LIMITS = { entries: 20_000, name: 300, text: 300, members: 200 };

/** For one process, or for several instances in one. */
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

import type { LogLine } from './bot.ts';
import { createEntry, type End, type Entry } from './entry.ts';

const LOST = ['the asker could not be told of the failure', 'Bolt could not handle a request'];

/** The log line after which no answer comes. */
const givesUp = ({ msg, err }: LogLine) =>
  LOST.includes(msg) || (msg === 'failed' && err?.type === 'ReplyError');

/**
 * Accounts for every command. An agent has one under way at a time, so each log line belongs to one command.
 */
export function createLedger() {
  const entries: Entry[] = [];
  const latest = new Map<string, Entry>();

  return {
    entries,
    begin(agent: string, what: string, fault: string): Entry {
      const entry = createEntry(agent, what, fault);
      entries.push(entry);
      latest.set(agent, entry);
      return entry;
    },
    heard(line: LogLine): void {
      if (line.actor && givesUp(line)) latest.get(line.actor)?.gaveUp();
    },
    /** The commands under way. */
    underWay: () => [...latest.values()].filter((entry) => !entry.isOver()),
    count: (end: End) => entries.filter((entry) => entry.end() === end).length,
    /** How commands ended, by the fault at the time. */
    table(): Record<string, Partial<Record<End | 'all', number>>> {
      const rows: Record<string, Partial<Record<End | 'all', number>>> = {};
      for (const entry of entries) {
        for (const name of [entry.fault, 'ALL']) {
          const row = rows[name] ?? {};
          rows[name] = row;
          row[entry.end()] = (row[entry.end()] ?? 0) + 1;
          row.all = (row.all ?? 0) + 1;
        }
      }
      return Object.fromEntries(Object.entries(rows).sort(([a], [b]) => a.localeCompare(b)));
    },
    slowest: () => Math.max(...entries.map((entry) => entry.ms())),
  };
}

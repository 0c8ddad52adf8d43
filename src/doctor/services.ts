import type { Clock } from '../clock.ts';
import type { PartialConfig } from '../config/config.ts';
import type { Change } from '../guard/change/change.ts';
import type { Road } from './roads.ts';
import type { SecurIDAccess } from './securid-access.ts';
import type { SlackAccess } from './slack-access.ts';

/** What is known of the machine without asking anybody. */
export type Machine = {
  /** Node's version, such as `v24.3.0`. */
  node: string;
  /** How many files the process may have open; `undefined` if that cannot be read. */
  openFiles: number | undefined;
};

/** What checks work with. */
export type Services = {
  /** As much of it as can be read. */
  config: PartialConfig;
  /** What cannot. */
  problems: readonly string[];
  /** The names of all variables that are set. */
  variables: readonly string[];
  /** The changes that are switched on. */
  changes: readonly Change[];
  machine: Machine;
  /** Slack, if enough of the configuration can be read to ask it. */
  slack: SlackAccess | undefined;
  /** The tenant, likewise. */
  securid: SecurIDAccess | undefined;
  /** The ways that requests have taken so far. */
  roads: () => readonly Road[];
  /** Connects to the host of a URL, and asks for nothing that it has. Throws if there is no connection. */
  reach: (url: string) => Promise<void>;
  /** The file with certificates that Node trusts besides its own. */
  caFile: string | undefined;
  /** Whether an instance of this app runs here, by its probes. */
  isRunning: () => Promise<boolean>;
  /** How much of a folder's disk is free. */
  freeBytes: (folder: string) => Promise<number>;
  clock: Clock;
};

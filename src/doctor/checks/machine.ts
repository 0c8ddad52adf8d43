import { type Check, ok, warning } from '../finding.ts';
import type { Services } from '../services.ts';

/** https://nodejs.org/en/about/previous-releases */
const ENDED: Record<number, string> = { 20: 'April 2026', 21: 'June 2024', 23: 'June 2025' };

export const node: Check = {
  area: 'This machine',
  name: 'Node',
  run({ machine }) {
    const major = Number(/^v(\d+)/.exec(machine.node)?.[1]);
    const ended = ENDED[major];
    if (ended === undefined) return [ok('Node', machine.node)];
    return [
      warning('Node', `${machine.node}, without security fixes since ${ended}`, {
        remedy: 'Install Node 24 LTS.',
      }),
    ];
  },
};

/** Each of Slack's requests takes a file; half of those allowed may be connections. */
const FEW_FILES = 2048;

export const openFiles: Check = {
  area: 'This machine',
  name: 'open files',
  run({ config, machine }: Services) {
    if (!config.slack || config.slack.socketMode) return [];
    const { openFiles } = machine;
    if (openFiles === undefined) return [ok('open files', 'no limit that can be read')];
    if (openFiles >= FEW_FILES) return [ok('open files', `up to ${openFiles}`)];
    return [
      warning('open files', `up to ${openFiles}, and half of them for connections`, {
        remedy: `Raise the limit to ${FEW_FILES} or more (ulimit -n, LimitNOFILE=).`,
      }),
    ];
  },
};

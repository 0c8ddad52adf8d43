import { X509Certificate } from 'node:crypto';
import { codeOf, readPlain } from '../files.ts';
import { type Check, ok, warning } from '../finding.ts';
import type { Services } from '../services.ts';
import { counted } from '../words.ts';

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

/** What Node trusts besides its own certificates: https://nodejs.org/api/cli.html#node_extra_ca_certsfile */
export const caFile: Check = {
  area: 'This machine',
  name: 'NODE_EXTRA_CA_CERTS',
  async run({ caFile }) {
    if (caFile === undefined) return [];
    const name = 'NODE_EXTRA_CA_CERTS';
    try {
      const text = await readPlain(caFile);
      // Throws if there is none.
      new X509Certificate(text);
      return [ok(name, counted(text.split('-----BEGIN ').length - 1, 'certificate'))];
    } catch (error) {
      const code = codeOf(error) ?? 'it is not a file';
      const why = code.startsWith('ERR_OSSL')
        ? 'holds no certificate in PEM'
        : `cannot be read (${code})`;
      return [
        warning(name, `its file ${why}, so Node goes on without it`, {
          remedy: 'Set it to the PEM file of your company’s CA, which this user may read.',
          symptom: 'a-certificate-is-not-trusted',
        }),
      ];
    }
  },
};

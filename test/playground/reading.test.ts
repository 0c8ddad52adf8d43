import { describe, expect, it } from 'vitest';
import { read } from '../../src/playground/reading.ts';
import type { Block, Message } from '../../src/playground/workspace/index.ts';

const nobody = { people: [], groups: [], channels: [] };

const message = (...blocks: Block[]): Message => ({
  kind: 'message',
  ts: '1.000001',
  channel: 'C1',
  text: 'Licenses',
  blocks,
  deleted: false,
  replaced: 0,
  inputs: {},
});

const chart = (drawn: object): Block => ({
  type: 'data_visualization',
  title: 'Licenses by month',
  chart: drawn,
});

describe('a container as text', () => {
  it('has its title, with its contents below', () => {
    const container = {
      type: 'container',
      title: { type: 'plain_text', text: 'Grace' },
      child_blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '*Locked*' } },
        { type: 'table', rows: [[{ type: 'raw_text', text: 'A' }]] },
      ],
    };

    expect(read(message(container), nobody)).toBe('▾ Grace\nLocked\nA\n-');
  });
});

describe('a chart as text', () => {
  it('has its title, and a line for each series along the axis', () => {
    const used = [
      { label: 'Mar 2025', value: 1010 },
      { label: 'Apr 2025', value: 1021 },
    ];
    const active = [
      { label: 'Apr 2025', value: 1002 },
      { label: 'Mar 2025', value: 987.5 },
    ];
    const drawn = chart({
      type: 'line',
      series: [
        { name: 'MFA licenses used', data: used },
        { name: 'Active users', data: active },
      ],
      axis_config: { categories: ['Mar 2025', 'Apr 2025'] },
    });

    expect(read(message({ type: 'divider' }, drawn), nobody)).toBe(
      [
        '---',
        '(line chart) Licenses by month',
        '  MFA licenses used: Mar 2025 1,010 · Apr 2025 1,021',
        '  Active users: Mar 2025 987.5 · Apr 2025 1,002',
      ].join('\n'),
    );
  });

  it('names the slices of a pie', () => {
    const segments = [
      { label: 'Used', value: 1137 },
      { label: 'Left', value: 363 },
    ];

    expect(read(message(chart({ type: 'pie', segments })), nobody)).toBe(
      '(pie chart) Licenses by month\n  Used 1,137 · Left 363',
    );
  });
});

import { type HelpDesk, keepBody } from './help-desk.ts';

export type Sample = { name: string; labels: Record<string, string>; value: number };

/** A bot's metrics, one sample per line. */
export async function scrape({ ops }: Pick<HelpDesk, 'ops'>): Promise<Sample[]> {
  const text = await keepBody(await fetch(`${ops}/metrics`));
  return text
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map(readSample);
}

function readSample(line: string): Sample {
  const [, name = '', inside = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const labels = [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, label = '', word = '']) => [label, word],
  );
  return { name, labels: Object.fromEntries(labels), value: Number(value) };
}

/** The non-zero values of a metric, by its labels. */
export async function counts(
  desk: Pick<HelpDesk, 'ops'>,
  name: string,
): Promise<Record<string, number>> {
  const samples = (await scrape(desk)).filter((one) => one.name === `securid_desk_${name}`);
  return Object.fromEntries(
    samples
      .filter(({ value }) => value !== 0)
      .map(({ labels, value }) => [Object.values(labels).join(' | '), value]),
  );
}

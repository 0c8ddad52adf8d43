import { LIMITS } from './limits.ts';
import { oneLine } from './mrkdwn.ts';

type Point = { label: string; value: number };
type Series = { name: string; data: Point[] };

/**
 * A chart in a message; at most two in one. Slack's own types do not have it yet.
 * @see https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
 */
export type Chart = {
  type: 'data_visualization';
  title: string;
  chart: {
    type: 'line' | 'bar';
    series: Series[];
    axis_config: { categories: string[]; y_label?: string };
  };
};

/** One series, with a value for each category. */
export type Line = { name: string; values: number[] };

/** @param categories labels, oldest first; the last twenty are shown, and equal ones are made distinct */
export function chart(
  type: Chart['chart']['type'],
  title: string,
  { categories, lines }: { categories: string[]; lines: Line[] },
): Chart {
  const labels = distinct(categories.slice(-LIMITS.chartPoints));
  const series = lines.slice(0, LIMITS.chartSeries).map(({ name, values }) => ({
    name: oneLine(name, LIMITS.chartLabel),
    data: values
      .slice(-LIMITS.chartPoints)
      .map((value, index) => ({ label: labels[index] ?? '', value })),
  }));
  return {
    type: 'data_visualization',
    title: oneLine(title, LIMITS.chartTitle),
    chart: { type, series, axis_config: { categories: labels } },
  };
}

/** Slack refuses duplicate categories. */
function distinct(texts: string[]): string[] {
  const labels: string[] = [];
  for (const text of texts) {
    let label = oneLine(text, LIMITS.chartLabel);
    for (let count = 2; labels.includes(label); count++) {
      label = oneLine(`${text} (${count})`, LIMITS.chartLabel);
    }
    labels.push(label);
  }
  return labels;
}

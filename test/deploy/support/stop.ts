import { Environment } from '../../../src/config/environment.ts';
import { filesBelow } from '../../support/sources.ts';

/** A constant of `src/app.ts`, in seconds. */
function secondsOf(name: string): number {
  const app = filesBelow('src').find(({ path }) => path === 'src/app.ts');
  const [, digits = ''] =
    new RegExp(`^const ${name} = ([\\d_]+);`, 'm').exec(app?.text ?? '') ?? [];
  return Number(digits.replaceAll('_', '')) / 1000;
}

const isDrain = (seconds: number) =>
  Environment.shape.DRAIN_SECONDS.safeParse(String(seconds)).success;

/** What docs/operations.md allows the stop when Slack is slow, in seconds. */
const STOP = 30;

/** The longest stop that a setting can ask for, in seconds. */
export function longestStop(): number {
  const own = secondsOf('GRACE') + secondsOf('LAST_POSTS');
  if (!(own < STOP)) throw new Error(`the stop takes ${own} s, and is said to take ${STOP}`);
  let drain = 0;
  while (isDrain(drain + 1)) drain += 1;
  return STOP + drain;
}

import type { Wanted } from '../../guard/change/change.ts';
import type { HardwareToken } from '../../securid/index.ts';
import { hasExpired, isEnabled } from '../hardware-token/state.ts';
import { isDs100 } from './token-change.ts';

type Known = {
  /** In milliseconds since 1970. */
  now: number;
  /** The number on the back of a DS100, without which it cannot be changed. */
  device: string | undefined;
};

/** How wanted each change is for a token in this state, by the change's name. */
export function suitsToken(token: HardwareToken, known: Known) {
  const wanted = wantedFor(token, known);
  return ({ name }: { name: string }): Wanted | undefined => wanted[name];
}

function wantedFor(token: HardwareToken, { now, device }: Known): Partial<Record<string, Wanted>> {
  const onDevice = isDs100(token);
  const expired = hasExpired(token, now);
  if (token.userId === undefined) return onDevice || expired ? {} : { 'token-assign': 'now' };
  if (onDevice && device === undefined) return {};
  const unassign = onDevice ? {} : { 'token-unassign': 'possible' as const };
  // Nobody can sign in with it: no change but this one makes sense.
  if (expired) return unassign;
  const status = isEnabled(token.tokenStatus) ? 'token-disable' : 'token-enable';
  const clearPin = token.pinSet === false ? {} : { 'token-clear-pin': 'possible' as const };
  return { [status]: 'now', ...clearPin, ...unassign };
}

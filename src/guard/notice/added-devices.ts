import { isAddedSince, list } from '../../desk/devices.ts';
import type { Call } from '../../desk/operation.ts';
import type { Device, FidoToken } from '../../securid/index.ts';
import type { GuardServices } from '../services.ts';
import type { Made } from './made.ts';

/** An authenticator that was registered after a change was made. */
export type Added = { type: string; name: string; at: Date | undefined };

/** An alert waits no longer for the devices. In milliseconds. */
const DEVICES_WITHIN = 4000;

/**
 * Devices and FIDO authenticators added since a change was made, including those without a date,
 * but no browsers. `undefined` if SecurID does not answer in time.
 */
export async function addedSince(
  services: GuardServices,
  { target, at }: Made,
  { securid, log }: Pick<Call, 'securid' | 'log'>,
): Promise<Added[] | undefined> {
  const soon = Math.min(securid.until, services.clock.elapsed() + DEVICES_WITHIN);
  try {
    const isAdded = isAddedSince(at);
    const query = { ...securid, includeBrowsers: false, until: soon };
    const found = await list(services, target, query);
    const devices = (found?.devices ?? []).filter(({ browser }) => !browser).map(asDevice);
    const added = [...devices, ...(found?.fidoTokens ?? []).map(asFido)];
    return added.filter((one) => isAdded({ registeredDate: one.at }) ?? true);
  } catch (error) {
    log.warn({ err: error, target }, 'SecurID did not say which devices were added since');
    return undefined;
  }
}

/** The type without its version: `iOS 18.1` is `iOS`. */
const kind = (deviceType: string | undefined) =>
  /^[^\d(]+/.exec(deviceType ?? '')?.[0].trim() || 'of unknown type';

const asDevice = ({ name, deviceType, registeredDate }: Device): Added => ({
  type: kind(deviceType),
  name: [name ?? 'A device', deviceType && `(${deviceType})`].filter(Boolean).join(' '),
  at: registeredDate,
});

const asFido = ({ name, registeredDate }: FidoToken): Added => ({
  type: 'FIDO',
  name: `${name ?? 'An authenticator'} (FIDO)`,
  at: registeredDate,
});

import type { Authenticators, CallOptions } from '../securid/index.ts';
import type { Call, DeskServices } from './operation.ts';

export type Query = CallOptions & { includeBrowsers: boolean; asProof?: boolean };

export type Asked = Pick<DeskServices, 'securid' | 'authenticatorApi'>;

/** Asks the configured version of the API. */
export function list(
  { securid, authenticatorApi }: Asked,
  userId: string,
  query: Query,
): Promise<Authenticators | undefined> {
  return authenticatorApi === 1
    ? securid.authenticators.detailsV1(userId, query)
    : securid.authenticators.detailsV2(userId, query);
}

/** The devices that can be deleted: all but browsers. */
export async function deletableDevices(
  asked: Asked,
  userId: string,
  options: Omit<Query, 'includeBrowsers'>,
): Promise<Authenticators['devices']> {
  const found = await list(asked, userId, { ...options, includeBrowsers: false });
  return found?.devices.filter(({ browser }) => !browser) ?? [];
}

/** RSA's clock may be behind ours by this much, in milliseconds. */
const BEHIND = 2 * 60_000;

/** Whether something was registered after that. Without a date it cannot be told: `undefined`. */
export const isAddedSince =
  (since: number) =>
  ({ registeredDate }: { registeredDate?: Date | undefined }): boolean | undefined =>
    registeredDate && registeredDate.getTime() >= since - BEHIND;

/** Devices without browsers; `undefined` if SecurID does not answer, since the card is useful without them. */
export async function registeredDevices(
  services: DeskServices,
  userId: string,
  { securid, log }: Pick<Call, 'securid' | 'log'>,
): Promise<Authenticators['devices'] | undefined> {
  try {
    return await deletableDevices(services, userId, securid);
  } catch (error) {
    log.warn({ err: error }, 'registered devices are unknown');
    return undefined;
  }
}

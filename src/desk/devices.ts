import type { Authenticators, CallOptions } from '../securid/index.ts';
import type { Call, DeskServices } from './operation.ts';

export type Query = CallOptions & { includeBrowsers: boolean };

/** Asks the configured version of the API. */
export function list(
  { securid, authenticatorApi }: Pick<DeskServices, 'securid' | 'authenticatorApi'>,
  userId: string,
  query: Query,
): Promise<Authenticators | undefined> {
  return authenticatorApi === 1
    ? securid.authenticators.detailsV1(userId, query)
    : securid.authenticators.detailsV2(userId, query);
}

/** Devices without browsers; `undefined` if SecurID does not answer, since the card is useful without them. */
export async function registeredDevices(
  services: DeskServices,
  userId: string,
  { securid, log }: Pick<Call, 'securid' | 'log'>,
): Promise<Authenticators['devices'] | undefined> {
  try {
    const found = await list(services, userId, { includeBrowsers: false, ...securid });
    return found?.devices.filter(({ browser }) => !browser) ?? [];
  } catch (error) {
    log.warn({ err: error }, 'registered devices are unknown');
    return undefined;
  }
}

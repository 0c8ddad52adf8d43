import type { Call } from '../../desk/operation.ts';
import { type HardwareToken, type SecurID, SecurIDError } from '../../securid/index.ts';
import { isDs100 } from '../token-changes/token-change.ts';

/** The length of a SecurID 700's serial number. Agents often leave out its leading zeros. */
export const SERIAL_LENGTH = 12;

/** `withoutDevices`: SecurID could not say whether a DS100 has that number on its back. */
type Found = { tokens: HardwareToken[]; withoutDevices?: boolean };

/** The token with this serial number, or the credentials of the DS100 with it on its back. */
export async function findToken(securid: SecurID, serial: string, call: Call): Promise<Found> {
  const spellings = [serial, serial.padStart(SERIAL_LENGTH, '0')];
  for (const spelling of new Set(spellings)) {
    const token = await securid.hardwareTokens.find(spelling, call.securid);
    if (token) return { tokens: [token] };
  }
  try {
    return { tokens: await securid.hardwareTokens.onDevice(serial, call.securid) };
  } catch (error) {
    if (!(error instanceof SecurIDError) || !MISSING.has(error.code)) throw error;
    call.log.warn({ err: error }, 'SecurID does not look up a DS100 by its number for this app');
    return { tokens: [], withoutDevices: true };
  }
}

/** The key lacks the permission, or the tenant the API. The other answers still count. */
const MISSING = new Set(['NOT_AUTHORIZED', 'UNEXPECTED_RESPONSE', 'INVALID_REQUEST', 'REFUSED']);

/**
 * The number on the back of a DS100, which its changes need. The look-up by its OTP credential does not tell
 * it; the list of its owner's authenticators does. Never throws.
 */
export async function deviceNumberOf(
  securid: SecurID,
  token: HardwareToken,
  call: Call,
): Promise<string | undefined> {
  const { deviceSerialNumber, tokenSerialNumber, userId } = token;
  if (deviceSerialNumber !== undefined || !isDs100(token) || !userId) return deviceSerialNumber;
  try {
    const found = await securid.authenticators.detailsV2(userId, {
      ...call.securid,
      includeBrowsers: false,
    });
    const same = found?.sidTokens.find((one) => one.tokenSerialNumber === tokenSerialNumber);
    return same?.deviceSerialNumber;
  } catch (error) {
    call.log.warn({ err: error }, 'the number on the back of a DS100 could not be read');
    return undefined;
  }
}

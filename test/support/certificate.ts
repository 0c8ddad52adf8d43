import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** https://www.rfc-editor.org/rfc/rfc5280#section-4.1, in DER. */
function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: Buffer[]) => element(0x30, ...parts);
const set = (...parts: Buffer[]) => element(0x31, ...parts);
const bits = (content: Buffer) => element(0x03, Buffer.from([0]), content);
const bytes = (...parts: Buffer[]) => element(0x04, ...parts);
const id = (hex: string) => element(0x06, Buffer.from(hex, 'hex'));
const TRUE = Buffer.from([0x01, 0x01, 0xff]);

const ECDSA_WITH_SHA256 = sequence(id('2a8648ce3d040302'));
const nameOf = (text: string) =>
  sequence(set(sequence(id('550403'), element(0x0c, Buffer.from(text)))));
const time = (at: number) =>
  element(0x17, Buffer.from(new Date(at).toISOString().replace(/^..|[-:T]|\.\d+/g, '')));
const extension = (oid: string, critical: boolean, value: Buffer) =>
  sequence(id(oid), ...(critical ? [TRUE] : []), bytes(value));

type Issuer = { name: string; privateKey: KeyObject };

const DAY = 24 * 60 * 60_000;

/**
 * A certificate for a host, by a company's own CA or by nobody else.
 * @param age how many days ago its two days began
 */
export function createCertificate(name: string, issuer?: Issuer, age = 1) {
  const begun = Date.now() - age * DAY;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const by = issuer ?? { name, privateKey };
  const content = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    nameOf(by.name),
    sequence(time(begun), time(begun + 2 * DAY)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(
      0xa3,
      sequence(
        extension('551d13', true, issuer ? sequence() : sequence(TRUE)),
        extension('551d11', false, sequence(element(0x82, Buffer.from(name)))),
      ),
    ),
  );
  const der = sequence(content, ECDSA_WITH_SHA256, bits(sign('sha256', content, by.privateKey)));
  return {
    name,
    privateKey,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

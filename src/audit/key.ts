import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** What signs rows. */
export type Signer = {
  /** The public key: the 32 bytes of Ed25519 (RFC 8032), in base64url. */
  key: string;
  /** The signature of a line, in base64url. */
  sign(line: string): string;
};

export function createSigner(privateKey: KeyObject): Signer {
  return {
    key: publicPart(createPublicKey(privateKey)),
    sign: (line) => sign(null, Buffer.from(line), privateKey).toString('base64url'),
  };
}

export const newPrivateKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

/** @throws Error that says what is wrong with the text */
export function readPrivateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // OpenSSL's message helps nobody.
  }
  throw new Error('it holds no Ed25519 private key in PEM');
}

const PEM = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;

/** Reads one or several public keys in PEM. */
export function readPublicKeys(text: string): string[] {
  return [...text.matchAll(PEM)].flatMap(([pem]) => {
    try {
      const key = createPublicKey(pem);
      return key.asymmetricKeyType === 'ed25519' ? [publicPart(key)] : [];
    } catch {
      return [];
    }
  });
}

const publicPart = (key: KeyObject) => `${key.export({ format: 'jwk' }).x}`;

const keyObject = (key: string) =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });

/** The public key in PEM. */
export const publicPem = (key: string) =>
  keyObject(key).export({ format: 'pem', type: 'spki' }).toString();

/** A key's fingerprint: the first 128 bits of its SHA-256, in hex. */
export const fingerprint = (key: string) =>
  createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex').slice(0, 32);

/** Checks signatures; imports each key once. */
export function createSignatureCheck() {
  const ready = new Map<string, KeyObject>();
  return (key: string, line: string, signature: string): boolean => {
    try {
      let object = ready.get(key);
      if (!object) {
        object = keyObject(key);
        ready.set(key, object);
      }
      return verify(null, Buffer.from(line), object, Buffer.from(signature, 'base64url'));
    } catch {
      return false;
    }
  };
}

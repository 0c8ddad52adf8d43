import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type Signature = {
  /** @param about the purpose of the text; it is valid for no other */
  sign(about: string, text: string): string;
  isValid(about: string, text: string, signature: string): boolean;
};

/** Signs with a key derived from a secret that all instances have and the store does not. */
export function createSignature(secret: string): Signature {
  const key = createHash('sha256')
    .update('securid-desk words in the store')
    .update(secret)
    .digest();
  const hmac = (about: string, text: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify([about, text]))
      .digest();

  return {
    sign: (about, text) => hmac(about, text).toString('base64url'),
    isValid(about, text, signature) {
      const given = Buffer.from(signature, 'base64url');
      const right = hmac(about, text);
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}

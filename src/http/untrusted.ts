/** Certificates that are not trusted, by Node's code: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
export const UNTRUSTED = [
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** What is wrong with a certificate that is not trusted, and what to do. */
export function flawOfCertificate(code = ''): { says: string; remedy: string } {
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code)) {
    return {
      says: 'is not valid now',
      remedy: "check this server's clock, and have the certificate renewed",
    };
  }
  if (/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/.test(code)) {
    return {
      says: "is another host's",
      remedy: 'check the address that is set, and where DNS leads',
    };
  }
  return {
    says: 'is not trusted',
    remedy: "if it is your company's own, set NODE_EXTRA_CA_CERTS to its CA file",
  };
}

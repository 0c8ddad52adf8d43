import { domainToASCII, domainToUnicode } from 'node:url';

export type Addresses = {
  /**
   * The one spelling in which addresses are compared. Domains for the same mailbox are all written as the
   * first of them. `undefined` if it is not an address, such as a bare user name.
   */
  spell(text: string | undefined): string | undefined;
  /** The same for a domain alone. */
  spellDomain(domain: string): string | undefined;
  /** How SecurID or Slack may have written this address, in its own domain. */
  exactly(text: string | undefined): string[];
  /** The same in every domain that means the same mailbox, its own first. */
  spellings(text: string | undefined): string[];
};

type Address = { local: string; domain: string };

/** Invisible characters: zero-width ones, direction marks, fillers. */
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Characters that no domain has, though Node would read a host:
 * https://url.spec.whatwg.org/#concept-host-parser
 */
const NOT_IN_DOMAINS = /[\s/?#%@:\\[\]<>"'(),;*]/;

/** The same text for equivalent Unicode forms and for any case. */
const plain = (text: string) =>
  text.normalize('NFKC').replace(INVISIBLE, '').trim().toLowerCase().normalize('NFKC');

/**
 * A domain in A-labels, in lower case, without a final dot, as DNS compares them (RFC 5890). `undefined` if
 * it is not a domain.
 */
export function readDomain(text: string): string | undefined {
  const written = plain(text);
  if (written === '' || NOT_IN_DOMAINS.test(written)) return undefined;
  const domain = domainToASCII(written).replace(/\.$/, '');
  return domain.split('.').every(Boolean) ? domain : undefined;
}

/** An address in one spelling. Dots and plus tags in its local part are kept. */
function readParts(text: string | undefined): Address | undefined {
  const written = plain(text ?? '');
  const at = written.lastIndexOf('@');
  const local = written.slice(0, Math.max(at, 0)).replace(/^"(.+)"$/, '$1');
  const domain = at < 0 ? undefined : readDomain(written.slice(at + 1));
  return local === '' || /\s/.test(local) || !domain ? undefined : { local, domain };
}

/** An e-mail address in one spelling; `undefined` if it is not one. */
export function readAddress(text: string): string | undefined {
  const address = readParts(text);
  return address && `${address.local}@${address.domain}`;
}

/**
 * @param sameMailbox groups of domains that mean the same mailbox, in A-labels; each domain in one group only
 */
export function createAddresses(sameMailbox: string[][]): Addresses {
  const groups = new Map(sameMailbox.flatMap((group) => group.map((domain) => [domain, group])));
  const sameAs = (domain: string) => groups.get(domain) ?? [domain];
  const first = (domain: string) => sameAs(domain)[0] ?? domain;

  return {
    spell(text) {
      const address = readParts(text);
      return address && `${address.local}@${first(address.domain)}`;
    },

    spellDomain(text) {
      const domain = readDomain(text);
      return domain && first(domain);
    },

    exactly(text) {
      const address = readParts(text);
      return address ? writtenAs(address, [address.domain]) : [];
    },

    spellings(text) {
      const address = readParts(text);
      return address ? writtenAs(address, [address.domain, ...sameAs(address.domain)]) : [];
    },
  };
}

/** With each domain as A-labels and as Unicode. */
function writtenAs({ local }: Address, domains: string[]): string[] {
  const written = domains.flatMap((domain) => [domain, domainToUnicode(domain)]);
  return [...new Set(written)].map((domain) => `${local}@${domain}`);
}

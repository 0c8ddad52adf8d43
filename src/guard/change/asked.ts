import type { DeskServices } from '../../desk/operation.ts';
import type { SecurID, UserDetails, UserKey } from '../../securid/index.ts';
import type { Block, Value } from '../../slack/blocks.ts';
import type { Options } from './fields.ts';

/** What a change needs to know besides the user, as it is sealed, recorded and shown. */
export type Input = Record<string, string>;

export type Fact = [label: string, value: Value | undefined];

type Person = {
  user: UserDetails;
  /** The key by which RSA finds them. */
  key: UserKey;
};

/** What RSA refused, and its reason. */
export type Refused = { reason: string; userId: string; key: UserKey; input: Input };

export type Asked<I = Input> = Person & {
  input: I;
  securid: SecurID;
  /** Which version of the Authenticator Details API to use. */
  authenticatorApi: DeskServices['authenticatorApi'];
};

/** For whom the card is, and what is known of the input. */
export type OnCard = Person & { input: Input };

/** What a change shows on its card. */
export type OwnCard = {
  facts: Fact[];
  blocks: Block[];
  /** Why the change makes no sense, by more than the user's record. */
  unable?: string | undefined;
  /**
   * What there is to choose in the fields without options of their own, the most likely first: as many as fit
   * into a button. Values of digits alone do not keep this order.
   */
  options?: Options;
};

export type Done<I, A> = Person & {
  input: I;
  answer: A;
  name: string;
  /** When the secret expires, if there is one. */
  expiresAt: Date | undefined;
};

/** With the changes, since one may lead to another that is switched on. */
export type CardServices = DeskServices & { changes: { on: readonly { name: string }[] } };

/** When a secret expires, according to RSA. */
export type Secret = {
  expiresAt: Date | undefined;
  /**
   * No secret of this kind lives longer, in milliseconds; a later time is a mistake or a clock difference.
   * By default it lives about as long as it is shown.
   */
  longest?: number;
};

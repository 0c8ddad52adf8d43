import type { z } from 'zod';
import type { Api } from './apis.ts';
import type { Permission, ReadPermission } from './permissions.ts';

/**
 * The business reasons that an API gives for refusing, by status and by RSA's words for it. The first that
 * matches counts; each API has its own.
 */
export type Refusals = readonly (readonly [status: number, words: RegExp, reason: string])[];

/** The reasons that a list of refusals knows. */
export type ReasonOf<R extends Refusals> = R[number][2];

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One documented API, asked once. */
export type ApiCall<S extends z.ZodType> = {
  /** Method and path below `/AdminInterface/restapi/`, as documented: what errors and logs name. */
  api: Api;
  method: Method;
  /** With version, encoded ids and query. */
  path: string;
  /** RSA counts the properties. Left out, the request has no body. */
  body?: Record<string, unknown>;
  shape: S;
  /** An answer without a body, 200 or 204, is success as well. The shape then reads `undefined`. */
  mayBeEmpty?: true;
  refusals?: Refusals;
} & Access;

/** By which OAuth permission an API is covered. */
type Access =
  | { permission: ReadPermission; changes?: never }
  /** Changes something: never shared, sent again only when it was refused, and by a token of its own. */
  | { permission: Permission; changes: true };

export type CallOptions = {
  /** Until when the answer is of use, by `clock.elapsed()`. Default: 15 s from now. */
  until?: number;
  /** Who is asking. Of those who wait at once, everybody gets their turn in rotation. */
  lane?: string;
  /** Hears how many milliseconds it took, turns and pauses included. */
  took?: (ms: number) => void;
  /** Shares no identical call that is under way: that one may have been answered by the state of before. */
  fresh?: boolean;
  /**
   * Asked of a change, which is never shared, once it has its turn and before it is sent: each time, after a
   * 429 as well. What it throws is thrown to the caller, and nothing is sent.
   */
  atTurn?: () => Promise<void>;
};

export type SendRequest = <S extends z.ZodType>(
  call: ApiCall<S>,
  options?: CallOptions,
) => Promise<z.output<S>>;

import type { z } from 'zod';
import type { Api } from './apis.ts';
import type { Permission, ReadPermission } from './permissions.ts';

/**
 * An API's business reasons for refusing, by status and RSA's wording. The first match counts. `no such path`:
 * a gateway's own 404, for an API that a tenant may lack.
 */
export type Refusals = readonly (readonly [
  status: number | 'no such path',
  words: RegExp,
  reason: string,
])[];

export type ReasonOf<R extends Refusals> = R[number][2];

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request to a documented API. */
export type ApiCall<S extends z.ZodType> = {
  /** Method and path below `/AdminInterface/restapi/`, as documented: what errors and logs name. */
  api: Api;
  method: Method;
  /** With version, encoded ids and query. */
  path: string;
  /** Left out, the request has no body. RSA counts the properties. */
  body?: Record<string, unknown>;
  shape: S;
  /** An empty answer, 200 or 204, is also a success. The shape then reads `undefined`. */
  mayBeEmpty?: true;
  refusals?: Refusals;
} & Access;

/** The OAuth permission that covers the API. */
type Access =
  | { permission: ReadPermission; changes?: never }
  /** A change: never shared, retried only if it was refused, and sent with a token of its own. */
  | { permission: Permission; changes: true };

export type CallOptions = {
  /** Deadline, by `clock.elapsed()`. Default: 15 s from now. */
  until?: number;
  /** Who is asking. Lanes take turns. */
  lane?: string;
  /** Called with the milliseconds that the request took, waiting included. */
  took?: (ms: number) => void;
  /** Joins no identical call under way, whose answer may already be out of date. */
  fresh?: boolean;
  /**
   * For changes only. Called before each attempt, also after a 429. If it throws, nothing is sent
   * and the caller gets the error.
   */
  atTurn?: () => Promise<void>;
};

export type SendRequest = <S extends z.ZodType>(
  call: ApiCall<S>,
  options?: CallOptions,
) => Promise<z.output<S>>;

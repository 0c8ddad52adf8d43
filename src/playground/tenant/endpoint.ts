import type { Clock } from '../../clock.ts';
import type { Answer } from './answer.ts';
import type { TenantRecords } from './records.ts';
import type { Traits } from './traits.ts';

export type IssuedCode = { code: string; userId: string; at: number };

/** One documented API, below /AdminInterface/restapi. */
export type Endpoint = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** The OAuth permission that covers it. */
  permission: string;
  answer(call: EndpointCall): Answer;
};

export type EndpointCall = {
  clock: Clock;
  records: TenantRecords;
  traits: Traits;
  issuedCodes: IssuedCode[];
  emergencyCodes: IssuedCode[];
  /** The value of `{id}` in the path, still percent-encoded. */
  id: string;
  /** The value of the second parameter in the path, such as `{deviceId}`, likewise. */
  itemId: string;
  query: URLSearchParams;
  body: unknown;
  /** The `Content-Length` header. */
  contentLength: string | undefined;
  /** The path as requested. */
  asked: string;
};

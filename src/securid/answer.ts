import type { z } from 'zod';
import type { ApiCall } from './api-call.ts';
import { SecurIDError } from './errors.ts';
import { type Access, failure, parseJson } from './failure.ts';
import type { HttpAnswer } from './http.ts';

/**
 * Reads an answer in the shape that the API documents.
 * @throws SecurIDError for any other answer
 */
export function readAnswer<S extends z.ZodType>(
  call: ApiCall<S>,
  answer: HttpAnswer,
  access: Access,
): z.output<S> {
  const { status, body } = answer;
  const isEmpty = call.mayBeEmpty && body.trim() === '';
  if (status !== 200 && !(isEmpty && status === 204)) throw failure(call, answer, access);

  const json = isEmpty ? undefined : parseJson(body);
  if (json === undefined && !isEmpty) {
    throw new SecurIDError('UNEXPECTED_RESPONSE', `${call.api}: 200 without JSON`, { status });
  }
  const { data, error } = call.shape.safeParse(json);
  if (error) {
    const paths = error.issues.map(({ path }) => path.join('.') || 'the top level');
    const where = paths.slice(0, 5).join(', ');
    throw new SecurIDError('UNEXPECTED_RESPONSE', `${call.api}: wrong shape at ${where}`, {
      status,
    });
  }
  return data;
}

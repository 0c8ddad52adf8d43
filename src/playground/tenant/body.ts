import type { IncomingMessage } from 'node:http';

const LARGEST = 1024 * 1024;

export type Body = {
  text: string;
  tooLarge: boolean;
  contentType: string;
};

/** Reads the whole body, so that a refusal reaches a client that is still sending. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LARGEST) chunks.push(chunk);
  }
  const tooLarge = size > LARGEST;
  const text = tooLarge ? '' : Buffer.concat(chunks).toString('utf8');
  const [contentType = ''] = (request.headers['content-type'] ?? '').split(';');
  return { text, tooLarge, contentType: contentType.trim().toLowerCase() };
}

export const isJson = ({ contentType }: Body) => contentType === 'application/json';

export function parseForm({ contentType, text }: Body): URLSearchParams | undefined {
  return contentType === 'application/x-www-form-urlencoded'
    ? new URLSearchParams(text)
    : undefined;
}

export function parseJson({ text }: Pick<Body, 'text'>): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { appendFileSync, mkdirSync } from 'node:fs';
import { OUTPUT, PRINTED } from './printed.ts';

mkdirSync(OUTPUT, { recursive: true });

for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream) as (...all: unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: unknown[]) => {
    appendFileSync(PRINTED, String(chunk));
    return write(chunk, ...rest);
  };
}
for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  const print = console[level];
  console[level] = (...parts: unknown[]) => {
    appendFileSync(PRINTED, `${parts.map(String).join(' ')}\n`);
    print(...parts);
  };
}

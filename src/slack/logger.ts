import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../log.ts';
import { type Symptom, see } from '../troubleshooting.ts';

/** What Bolt says of requests that it does not take. */
const SYMPTOMS: [RegExp, Symptom][] = [
  [/signature mismatch|unknown signature version/, 'requests-are-signed-with-another-secret'],
  [/request is stale/, 'requests-arrive-too-late'],
  [/^Unhandled HTTP request/, 'requests-come-to-another-path'],
];

function placeOf(text: string): { see?: string } {
  const [, symptom] = SYMPTOMS.find(([words]) => words.test(text)) ?? [];
  return symptom ? { see: see(symptom) } : {};
}

/** Bolt's logger. Its debug lines hold whole payloads and are dropped. */
export function boltLogger(log: Log): Logger {
  const write = (level: 'info' | 'warn' | 'error') => {
    return (...parts: unknown[]) => {
      const error = parts.find((part) => part instanceof Error);
      const text = parts.filter((part) => typeof part === 'string').join(' ');
      log[level]({ from: 'bolt', ...placeOf(text), ...(error ? { err: error } : {}) }, text);
    };
  };
  return {
    debug: () => {},
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    setLevel: () => {},
    setName: () => {},
    getLevel: () => LogLevel.INFO,
  };
}

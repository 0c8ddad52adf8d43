import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../log.ts';

/** Bolt's logger. Its debug lines hold whole payloads and are dropped. */
export function boltLogger(log: Log): Logger {
  const write = (level: 'info' | 'warn' | 'error') => {
    return (...parts: unknown[]) => {
      const error = parts.find((part) => part instanceof Error);
      const text = parts.filter((part) => typeof part === 'string').join(' ');
      log[level]({ from: 'bolt', ...(error ? { err: error } : {}) }, text);
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

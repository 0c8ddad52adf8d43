import type { Clock } from '../clock.ts';
import { type Bucket, MEMBER_LEASE } from './bucket.ts';

/** A bucket in memory: what BUCKET does in Redis. */
export function createMemoryBucket(clock: Clock): Bucket {
  const members = new Map<string, number>();
  let held: { tokens: number; at: number; pausedUntil: number; taken: number } | undefined;
  let note: string | undefined;
  let version = 0;

  return {
    async ask(question) {
      const { member, wanted, keep, requestsPerSecond, burst, spent, pause, first } = question;
      const now = clock.elapsed();
      held ??= { ...first, at: now, pausedUntil: 0 };
      if (now > held.at) {
        const more = ((now - held.at) * requestsPerSecond) / 1000;
        held.tokens = Math.min(burst, held.tokens + more);
        held.at = now;
      }
      held.tokens = Math.max(held.tokens - spent, Math.min(held.tokens, 0));
      held.taken += spent;
      if (now + pause > Math.max(held.pausedUntil, now)) {
        held.pausedUntil = now + pause;
        held.tokens = 1;
        held.at = held.pausedUntil;
      }
      const pausedFor = Math.max(held.pausedUntil - now, 0);

      let tokens = 0;
      let wait = pausedFor;
      const free = held.tokens - keep;
      if (wanted > 0 && pausedFor === 0) {
        tokens = Math.max(Math.min(wanted, Math.floor(free)), 1);
        wait = Math.max(((1 - free) * 1000) / requestsPerSecond, 0);
        held.tokens -= tokens;
        held.taken += tokens;
      }

      members.set(member, now);
      for (const [one, at] of members) if (now - at > MEMBER_LEASE) members.delete(one);
      if (question.note && question.note.version === version) {
        note = question.note.text;
        version += 1;
      }
      const { taken, tokens: left } = held;
      return {
        ...{ tokens, wait, pausedFor, now, taken, left },
        members: members.size,
        note: { text: note, version },
      };
    },
  };
}

import { isOpenRedis } from '../../config/environment.ts';
import { examineRedis, RedisAway, type RedisFacts } from '../../store/examine.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import { causeIn, remedyFor } from '../network.ts';

/** The Redis that instances share. */
export const redis: Check = {
  area: 'Redis',
  name: 'Redis',
  async run({ config: { redisUrl }, clock }) {
    if (redisUrl === undefined) return [];
    const { host } = new URL(redisUrl);
    try {
      const facts = await examineRedis(redisUrl, clock.elapsed);
      return [
        version(facts, host),
        write(facts),
        policy(facts),
        password(redisUrl),
        ...persistence(facts),
      ];
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      return [away(error.message, new URL(redisUrl))];
    }
  },
};

const REFUSED = /^(NOAUTH|WRONGPASS)$/;

function away(why: string, { host, protocol }: URL): Finding {
  if (REFUSED.test(why)) {
    return failed('Redis', `${host} does not accept the password of REDIS_URL (${why})`, {
      remedy: 'Put the right user and password into REDIS_URL, percent-encoded.',
      symptom: 'redis-is-away',
    });
  }
  return failed('Redis', `no answer from ${host} (${causeIn(why)})`, {
    remedy: remedyIn(why, protocol) ?? remedyFor(why, host, { isProxied: false }),
    symptom: 'redis-is-away',
  });
}

/** Where one side speaks TLS, and the other does not. */
function remedyIn(why: string, protocol: string): string | undefined {
  const isPlain = protocol === 'redis:';
  if (isPlain && /^(ECONNRESET|EPIPE|CLOSED)$/.test(why)) {
    return 'If that Redis wants TLS, begin REDIS_URL with rediss://.';
  }
  // A Redis without TLS takes the handshake for a command, and waits for the rest of it.
  return !isPlain && /^(EPROTO|ERR_SSL_\w+|ETIMEDOUT)$/.test(why)
    ? 'If that Redis has no TLS, begin REDIS_URL with redis://. If it has, check the firewall.'
    : undefined;
}

/** GETDEL: https://redis.io/docs/latest/commands/getdel/ */
const OLDEST = [6, 2] as const;

function version({ version }: RedisFacts, host: string): Finding {
  const [major = 0, minor = 0] = version?.split('.').map(Number) ?? [];
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
    return ok('Redis', `${version} at ${host}`);
  }
  if (version === undefined) {
    return warning('Redis', `unknown version at ${host}: this user may not read it`, {
      remedy: `Make sure that it is ${OLDEST.join('.')} or newer.`,
    });
  }
  return failed('Redis', `${version} at ${host}`, {
    remedy: `Install Redis ${OLDEST.join('.')} or newer.`,
  });
}

function write({ whyNoWrites, took }: RedisFacts): Finding {
  if (whyNoWrites === undefined) {
    return ok('write', `in ${Math.round(took)} ms; the key is already gone`);
  }
  return failed('write', `it does not accept writes: ${whyNoWrites}`, {
    remedy: 'No change can be made until it does. Put the primary into REDIS_URL, or fix this one.',
    symptom: 'redis-does-not-accept-writes',
  });
}

function policy({ policy }: RedisFacts): Finding {
  if (policy === 'noeviction') return ok('maxmemory-policy', policy);
  const remedy = 'Set it to noeviction, or limits and used cards are lost when memory is short.';
  return warning('maxmemory-policy', policy ?? 'Redis does not say', {
    remedy,
    symptom: 'redis-may-forget',
  });
}

function password(url: string): Finding {
  if (!isOpenRedis(url)) return ok('password', new URL(url).password ? 'set' : 'none, on loopback');
  return warning('password', 'none: anyone who reaches it can stop all codes and reset limits', {
    remedy: 'Give Redis a password, and put it into REDIS_URL.',
    symptom: 'redis-has-no-password',
  });
}

function persistence({ isPersistent }: RedisFacts): Finding[] {
  if (isPersistent === undefined) return [];
  if (isPersistent) return [ok('persistence', 'on')];
  return [
    warning('persistence', 'off: when Redis restarts, limits, cards and blocks are lost', {
      remedy: 'Turn appendonly on, unless this is intended.',
      symptom: 'redis-may-forget',
    }),
  ];
}

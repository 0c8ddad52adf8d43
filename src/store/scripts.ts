/** Lua, which Redis carries out as one. */

/** KEYS: a sorted set, by milliseconds. ARGV: member, period. Answers with the members. */
export const GATHER = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZRANGE', KEYS[1], 0, -1)
`;

/** KEYS: a hash. ARGV: time and text of a word, or nothing. Answers with those of the newest. */
export const LAST_WORD = `
local last = redis.call('HMGET', KEYS[1], 'at', 'text')
if not ARGV[1] or (last[1] and tonumber(last[1]) >= tonumber(ARGV[1])) then return last end
redis.call('HSET', KEYS[1], 'at', ARGV[1], 'text', ARGV[2])
return { ARGV[1], ARGV[2] }
`;

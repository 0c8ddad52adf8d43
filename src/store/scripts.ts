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

/**
 * Counts a use in all of several windows that slide, or in none.
 * KEYS: sorted sets, by milliseconds. ARGV: id of the use, or '' to count nothing; limit and period of each
 * key. Answers with the number of the first key that is full, or 0, and with how long it is.
 */
export const USES = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for number, key in ipairs(KEYS) do
  local limit, period = tonumber(ARGV[2 * number]), tonumber(ARGV[2 * number + 1])
  -- A clock that was set back, or that of another Redis, makes nothing longer.
  for _, ahead in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. now, '+inf')) do
    redis.call('ZADD', key, now, ahead)
  end
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - period)
  local uses = redis.call('ZCARD', key)
  if uses >= limit then
    local leaves = redis.call('ZRANGE', key, uses - limit, uses - limit, 'WITHSCORES')
    return { number, leaves[2] + period - now }
  end
end
if ARGV[1] ~= '' then
  for number, key in ipairs(KEYS) do
    redis.call('ZADD', key, now, ARGV[1])
    redis.call('PEXPIRE', key, ARGV[2 * number + 1])
  end
end
return { 0, 0 }
`;

/**
 * A token bucket that several take from, by Redis' own time. It knows of no one who took, so that one
 * who ends leaves nothing behind.
 * KEYS: a hash; a sorted set of members. ARGV: member, lease, wanted, keep, rate, burst, spent, pause,
 * tokens and count to begin with, and a note with its version and signature, or nothing.
 */
export const BUCKET = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local lease, wanted, keep = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local rate, burst = tonumber(ARGV[5]), tonumber(ARGV[6])
local spent, pause = tonumber(ARGV[7]), tonumber(ARGV[8])

local held = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'paused', 'taken', 'note', 'version', 'seen', 'mac')
local tokens = tonumber(held[1] or ARGV[9])
local at = tonumber(held[2] or now)
local paused = tonumber(held[3] or 0)
local taken = tonumber(held[4] or ARGV[10]) + spent
local note, version, mac = held[5], tonumber(held[6] or 0), held[8]

-- A clock that was set back, or that of another Redis, makes nothing longer.
local back = math.max(tonumber(held[7] or now) - now, 0)
at, paused = at - back, paused - back
if now > at then
  tokens = math.min(burst, tokens + (now - at) * rate / 1000)
  at = now
end
tokens = math.max(tokens - spent, math.min(tokens, 0))
if pause > 0 and now + pause > paused then
  paused, at, tokens = now + pause, now + pause, 1
end

local given, wait = 0, math.max(paused - now, 0)
if wanted > 0 and wait == 0 then
  local free = tokens - keep
  given = math.max(math.min(wanted, math.floor(free)), 1)
  wait = math.max((1 - free) * 1000 / rate, 0)
  tokens, taken = tokens - given, taken + given
end

if ARGV[11] and tonumber(ARGV[12]) == version then
  note, version, mac = ARGV[11], version + 1, ARGV[13]
end
local day = 86400000
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.3f', at),
  'paused', string.format('%.3f', paused), 'taken', string.format('%.0f', taken), 'version', version, 'seen', string.format('%.3f', now))
if note then redis.call('HSET', KEYS[1], 'note', note, 'mac', mac or '') end
if note and #note > 2000 then note = '' end
redis.call('PEXPIRE', KEYS[1], day)
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - lease)
redis.call('PEXPIRE', KEYS[2], day)
return { given, string.format('%.3f', wait), string.format('%.3f', math.max(paused - now, 0)),
  string.format('%.3f', now), string.format('%.0f', taken), string.format('%.3f', tokens),
  redis.call('ZCARD', KEYS[2]), version, note or '', string.sub(mac or '', 1, 100) }
`;

/**
 * Looks at a board, and says who was there. A name that begins with `=` is the board's own.
 * KEYS: a hash of entries; a hash of members. ARGV: member, the epoch it has joined, the version it has
 * seen, the name of a new epoch, how that begins where it was cut off, or ''; lease; most entries, longest name and text, most members.
 */
export const LOOK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = tonumber(ARGV[6])
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[7]) + 2 or redis.call('HLEN', KEYS[2]) > tonumber(ARGV[10]) then
  return redis.error_reply('TOOMANY this is more than the app wrote')
end

local epoch = redis.call('HGET', KEYS[1], '=epoch')
if not epoch or #epoch > 50 or (ARGV[5] ~= '' and epoch == ARGV[2]) then
  epoch = ARGV[5] .. ARGV[4]
  redis.call('HSET', KEYS[1], '=epoch', epoch)
end
local version = redis.call('HGET', KEYS[1], '=version') or '0'

redis.call('HSET', KEYS[2], ARGV[1], now .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[2], 86400000)
local members, all = {}, redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  local at, joined = string.match(all[i + 1], '^(%d+) ([%w-]*)$')
  if not at or math.abs(now - at) > lease or #all[i] > 36 or #joined > 50 then
    redis.call('HDEL', KEYS[2], all[i])
  else
    members[#members + 1], members[#members + 2] = all[i], joined
  end
end

if version == ARGV[3] then return { epoch, version, members, false } end
local entries, there = {}, redis.call('HGETALL', KEYS[1])
for i = 1, #there, 2 do
  local name, text = there[i], there[i + 1]
  if string.sub(name, 1, 1) ~= '=' and #name <= tonumber(ARGV[8]) and #text <= tonumber(ARGV[9]) then
    entries[#entries + 1], entries[#entries + 2] = name, text
  end
end
return { epoch, version, members, entries }
`;

/** KEYS: a hash. ARGV: names and what is expected there, in turns. What is not so stays. */
export const REMOVE = `
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], '=version', time[1] .. '.' .. time[2])
`;

/** KEYS: a hash. ARGV: a name, what is expected there, or '' for nothing, and what is to stand there. */
export const WRITE = `
local there = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if there ~= ARGV[2] then return there end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3], '=version', time[1] .. '.' .. time[2])
return ARGV[3]
`;

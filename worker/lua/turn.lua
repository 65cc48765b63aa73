-- Deals out turns to ask hosts, over all pollers: so many at once, so far apart, none while it wants to be left alone.
-- KEYS  1 the prefix of all keys
-- ARGV  1 at once   2 spacing in µs   3 µs after which a turn that was never given back is free   4.. token, scope, ...
-- Returns for each pair the µs until its turn (0 or more), or minus the µs after which to try again.
-- Who is refused is told a time of its own, one spacing after the one before: nobody comes back in a crowd.
local prefix = KEYS[1]
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local most, spacing, lasts = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local step = math.max(spacing, 50000)

local turns = {}
for i = 4, #ARGV, 2 do
  local token, scope = ARGV[i], ARGV[i + 1]
  local asking, turn = prefix .. 'asking:' .. scope, prefix .. 'turn:' .. scope
  redis.call('ZREMRANGEBYSCORE', asking, '-inf', now)
  -- One feed's Retry-After is its own; what two or more feeds of a host say, the host means.
  local held = redis.call('ZREVRANGE', prefix .. 'held:' .. scope, 1, 1, 'WITHSCORES')
  local until_ = tonumber(held[2] or 0)
  local nxt = tonumber(redis.call('HGET', turn, 'next') or 0)
  if until_ > now then
    turns[#turns + 1] = now - until_
  elseif redis.call('ZCARD', asking) < most and nxt <= now + spacing * most then
    local start = math.max(now, nxt)
    redis.call('HSET', turn, 'next', string.format('%.0f', start + spacing))
    redis.call('ZADD', asking, now + lasts, token)
    redis.call('PEXPIRE', asking, math.ceil(lasts / 1000) + 1000)
    redis.call('PEXPIRE', turn, math.ceil((start + spacing - now) / 1000) + 60000)
    turns[#turns + 1] = start - now
  else
    local later = math.max(tonumber(redis.call('HGET', turn, 'later') or 0), nxt, now) + step
    redis.call('HSET', turn, 'later', string.format('%.0f', later))
    redis.call('PEXPIRE', turn, math.ceil((later - now) / 1000) + 60000)
    turns[#turns + 1] = now - later
  end
end
return turns

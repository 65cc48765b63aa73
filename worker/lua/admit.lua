-- Says of each delivery whether it may be posted now, for all senders together: rate, attempts at a time, breaker.
-- KEYS  1 the prefix of all keys
-- ARGV  1 how long an attempt may last (µs)   2 window (min)   3 least attempts   4 share that failed (%)
--       5 how long an open breaker waits (µs)   6 "1": an endpoint that is slow is not for this lane
--       7.. five for each delivery: id, subscription, µs between two posts, burst (µs), attempts at a time
-- Returns for each: 0 post it, -1 post it as the breaker's probe, -2 it is for the slow lane, else the µs to wait.
-- A delivery that waits for its turn has one in waiting:<subscription>, so that it is put off once, not again and again.
local prefix = KEYS[1]
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local hold, window, least, share, open, fast = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1'

local function breaker(sub, id)
  local name = prefix .. 'breaker:' .. sub
  local rows = redis.call('HGETALL', name)
  if #rows == 0 then return 0 end
  local good, bad, at, minute = 0, 0, {}, math.floor(now / 60000000)
  for i = 1, #rows, 2 do
    local kind, m = string.match(rows[i], '^([gb])(%d+)$')
    if not kind then at[rows[i]] = rows[i + 1]
    elseif tonumber(m) <= minute - window then redis.call('HDEL', name, rows[i])
    elseif kind == 'g' then good = good + rows[i + 1]
    else bad = bad + rows[i + 1] end
  end
  if at['until'] then
    if tonumber(at['until']) > now then
      -- Not all at once: those who wait for the probe come back over five seconds.
      return tonumber(at['until']) - now + math.random(0, 5000000)
    end
    if at['probe'] and at['probe'] ~= id and tonumber(at['probe_until']) > now then return math.random(1000000, 6000000) end
    redis.call('HSET', name, 'probe', id, 'probe_until', now + hold)
    return -1
  end
  if good + bad < least or bad * 100 < share * (good + bad) then return 0 end
  redis.call('HSET', name, 'until', now + open)
  redis.call('EXPIRE', name, 86400)
  return open
end

local function wait(sub, id, slot)
  local name = prefix .. 'waiting:' .. sub
  redis.call('ZADD', name, slot, id)
  redis.call('EXPIRE', name, math.floor((slot - now) / 1000000) + 3600)
  return slot - now
end

local function verdict(id, sub, interval, burst, most)
  local flying = prefix .. 'flying:' .. sub
  local there = redis.call('ZRANGE', flying, 0, 0, 'WITHSCORES')
  if there[2] and tonumber(there[2]) <= now then
    redis.call('ZREMRANGEBYSCORE', flying, '-inf', now)
    there = redis.call('ZRANGE', flying, 0, 0, 'WITHSCORES')
  end
  if not (there[2] and redis.call('ZSCORE', flying, id)) then
    if there[2] and redis.call('ZCARD', flying) >= most then
      -- The longer the oldest attempt lasts already, the longer the next turn is away.
      local age = now - (there[2] - hold)
      return wait(sub, id, now + math.min(math.max(age / 2, 100000), 5000000))
    end
    local slot = tonumber(redis.call('ZSCORE', prefix .. 'waiting:' .. sub, id) or 0)
    if slot > now + 50000 then return slot - now end
    if slot > 0 then
      redis.call('ZREM', prefix .. 'waiting:' .. sub, id)
    else
      local tat = math.max(tonumber(redis.call('GET', prefix .. 'pace:' .. sub) or 0), now)
      redis.call('SET', prefix .. 'pace:' .. sub, string.format('%.0f', tat + interval), 'PX', math.ceil((tat + interval - now) / 1000) + 1000)
      if tat - now > burst then return wait(sub, id, tat - burst) end
    end
  end
  redis.call('ZADD', flying, now + hold, id)
  redis.call('PEXPIRE', flying, math.ceil(hold / 1000) + 1000)
  return 0
end

local answers = {}
for i = 7, #ARGV, 5 do
  local id, sub = ARGV[i], ARGV[i + 1]
  local said = 0
  if fast and redis.call('EXISTS', prefix .. 'slow:' .. sub) == 1 then said = -2 end
  local state = said == 0 and breaker(sub, id) or 0
  if state > 0 then
    said = state
  elseif said == 0 then
    said = verdict(id, sub, tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4]))
    if said == 0 then said = state end
  end
  answers[#answers + 1] = math.floor(said)
end
return answers

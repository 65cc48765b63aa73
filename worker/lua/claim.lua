-- Claims what is due, oldest first, by setting its score to the end of a lease.
-- KEYS  1 due:<kind>   2 leased:<kind> (id -> tries)   3 quarantine:<kind> (id -> reason)
-- ARGV  1 limit   2 lease in µs   3 tries before quarantine (0: never)   4 tries after which it is claimed alone
-- Returns {end of the lease in µs, id, id, ...}.
-- An item still in leased:<kind> has lost its worker: it is soon claimed alone, so that it can harm no neighbour.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local limit, lease, most, alone = tonumber(ARGV[1]), now + tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, limit)
if #due == 0 then return {lease} end

local function hold(ids, tries)
  local ends, counts = {}, {}
  for n, id in ipairs(ids) do
    ends[2 * n - 1], ends[2 * n] = lease, id
    counts[2 * n - 1], counts[2 * n] = id, tries[n] + 1
  end
  redis.call('ZADD', KEYS[1], unpack(ends))
  redis.call('HSET', KEYS[2], unpack(counts))
  return {lease, unpack(ids)}
end

local claimed, tried = {}, {}
for n, held in ipairs(redis.call('HMGET', KEYS[2], unpack(due))) do
  local id, tries = due[n], tonumber(held or 0)
  if tries > 0 and most > 0 and tries >= most then
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
    redis.call('HSET', KEYS[3], id, 'its worker died ' .. tries .. ' times while it held this item alone or in a batch')
  elseif tries < alone then
    claimed[#claimed + 1], tried[#tried + 1] = id, tries
  elseif #claimed == 0 then
    return hold({id}, {tries})
  end
end
return #claimed > 0 and hold(claimed, tried) or {lease}

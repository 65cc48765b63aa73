-- Writes transactions, each wholly or not at all.
-- KEYS  1 the prefix of all keys
-- ARGV  1 in MessagePack, so that it is binary safe, a list of transactions, each a list of five lists:
--   fences  {kind, id, lease}       all must still be held, otherwise 'lost'
--   expects {key, version}          all must still be so, otherwise 'moved'
--   writes  {command, key, ...}     plain Redis commands
--   due     {kind, id, delay}       due again after so many µs
--   done    {kind, id}              no longer due
-- Returns one of 'ok', 'lost', 'moved' for each.
local prefix = KEYS[1]
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]

local function verdict(tx)
  for _, f in ipairs(tx[1]) do
    if tonumber(redis.call('ZSCORE', prefix .. 'due:' .. f[1], f[2]) or -1) ~= f[3] then return 'lost' end
  end
  for _, x in ipairs(tx[2]) do
    if (redis.call('GET', x[1]) or '') ~= x[2] then return 'moved' end
  end
  return 'ok'
end

local verdicts = {}
for i, tx in ipairs(cmsgpack.unpack(ARGV[1])) do
  verdicts[i] = verdict(tx)
  if verdicts[i] == 'ok' then
    for _, w in ipairs(tx[3]) do redis.call(unpack(w)) end
    for _, d in ipairs(tx[5]) do
      redis.call('ZREM', prefix .. 'due:' .. d[1], d[2])
      redis.call('HDEL', prefix .. 'leased:' .. d[1], d[2])
    end
    for _, d in ipairs(tx[4]) do
      redis.call('ZADD', prefix .. 'due:' .. d[1], now + d[3], d[2])
      redis.call('HDEL', prefix .. 'leased:' .. d[1], d[2])
    end
  end
end
return verdicts

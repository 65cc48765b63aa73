-- Moves the end of a lease; only for items whose lease is still the caller's.
-- KEYS  1 due:<kind>
-- ARGV  1 the lease that the caller holds   2 lease in µs   3.. ids
-- Returns {new end of the lease, id still held, ...}.
local t = redis.call('TIME')
local lease = t[1] * 1000000 + t[2] + tonumber(ARGV[2])
local held = {lease}
for i = 3, #ARGV do
  if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i]) or -1) == tonumber(ARGV[1]) then
    redis.call('ZADD', KEYS[1], lease, ARGV[i])
    held[#held + 1] = ARGV[i]
  end
end
return held

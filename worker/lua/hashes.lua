-- Reads one field of many hashes.
-- ARGV  1 the field   2 in MessagePack, a list of keys
-- Returns the value of each, in order; false where there is none.
local values = {}
for i, where in ipairs(cmsgpack.unpack(ARGV[2])) do values[i] = redis.call('HGET', where, ARGV[1]) end
return values

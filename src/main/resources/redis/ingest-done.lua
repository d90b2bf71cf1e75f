-- Removes entries that are done with.
-- KEYS  1 stream
-- ARGV  entries
redis.call('XACK', KEYS[1], GROUP, unpack(ARGV))
return redis.call('XDEL', KEYS[1], unpack(ARGV))

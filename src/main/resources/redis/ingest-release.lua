-- Gives up the lease of the ingest stream.
-- KEYS  1 lease
-- ARGV  1 node
return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0

-- Keeps the members of a channel for longer.
-- KEYS  1 members, 2 their ids in order
-- ARGV  1 ms to keep them
-- gives 1, or 0 when there are none
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return redis.call('PEXPIRE', KEYS[1], ARGV[1])

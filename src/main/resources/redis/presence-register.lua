-- Notes that a lease has, or may have, members in a channel.
-- KEYS  1 channels of the lease
-- ARGV  1 channel, 2 ms to keep them
redis.call('ZADD', KEYS[1], '0', ARGV[1])
return redis.call('PEXPIRE', KEYS[1], ARGV[2])

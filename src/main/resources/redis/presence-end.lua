-- Lets a lease lapse after a while, because its node stops.
-- KEYS  1 end of each lease
-- ARGV  1 lease, 2 ms
if not redis.call('HGET', KEYS[1], ARGV[1]) then
    return 0
end
redis.call('HSET', KEYS[1], ARGV[1], whole(now() + tonumber(ARGV[2])))
return 1

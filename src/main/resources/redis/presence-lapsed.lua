-- Gives channels of a lapsed lease from which its members have to be removed; when there are none left, the lease is forgotten.
-- KEYS  1 leases that have lapsed, 2 channels of the lease
-- ARGV  1 lease, 2 most channels, 3 to the end: channels that are done
if #ARGV > 2 then
    redis.call('ZREM', KEYS[2], unpack(ARGV, 3))
end
local channels = redis.call('ZRANGEBYLEX', KEYS[2], '-', '+', 'LIMIT', '0', ARGV[2])
if #channels == 0 then
    redis.call('HDEL', KEYS[1], ARGV[1])
end
return channels

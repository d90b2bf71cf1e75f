-- Renews the lease of a node, and gives it one that has lapsed, for as long as its own lasts, to remove the members of it.
-- Who was late itself gets none: when Redis was away, it was for the others too, and they will be back in a moment.
-- KEYS  1 end of each lease, 2 those that have lapsed, with the time from which on somebody may have them, 3 channels of the lease
-- ARGV  1 lease, 2 FRESH or HELD, 3 ms of the lease, 4 ms to keep what is here, 5 1 for one that has lapsed, 0 when it is busy with one
-- gives {1, a lapsed lease or ''}, or {0} when the lease has itself lapsed or is not known here
local time = now()
local ends = tonumber(redis.call('HGET', KEYS[1], ARGV[1]))
if not ends and ARGV[2] == 'HELD' then
    return {0}
end
local later = whole(time + tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], ARGV[1], later)
local given = ''
if ends and ends > time then
    local leases = redis.call('HGETALL', KEYS[1])
    for i = 1, #leases, 2 do
        if (tonumber(leases[i + 1]) or 0) <= time then
            redis.call('HDEL', KEYS[1], leases[i])
            redis.call('HSET', KEYS[2], leases[i], '0')
        end
    end
    local lapsed = ARGV[5] == '1' and redis.call('HGETALL', KEYS[2]) or {}
    for i = 1, #lapsed, 2 do
        if given == '' and (tonumber(lapsed[i + 1]) or 0) <= time then
            given = lapsed[i]
            redis.call('HSET', KEYS[2], given, later)
        end
    end
end
for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, ARGV[4])
end
return {1, given}

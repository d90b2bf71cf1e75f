-- Makes a client a member, unless a later visit of it is there, and tells it when that is new or shows something else.
-- KEYS  1 stream, 2 log, 3 members, 4 their ids in order
-- ARGV  1 to 8 as for the log, 9 client, 10 visit, 11 lease of its node, 12 info, 13 ms to keep the members
-- gives JOINED, CHANGED, MOVED or NONE
local visit, lease, info = member(redis.call('HGET', KEYS[3], ARGV[9]))
local number = tonumber(ARGV[10])
if visit and visit > number then
    return 'NONE'
end
-- Before anything is told: refuses what is no sorted set.
redis.call('ZCARD', KEYS[4])
local change = not visit and 'JOINED' or info ~= ARGV[12] and 'CHANGED' or visit ~= number and 'MOVED' or 'NONE'
if change == 'JOINED' or change == 'CHANGED' then
    tell('join', ARGV[9], ARGV[12])
end
redis.call('HSET', KEYS[3], ARGV[9], ARGV[10] .. ' ' .. ARGV[11] .. ' ' .. ARGV[12])
redis.call('ZADD', KEYS[4], '0', ARGV[9])
redis.call('PEXPIRE', KEYS[3], ARGV[13])
redis.call('PEXPIRE', KEYS[4], ARGV[13])
return change

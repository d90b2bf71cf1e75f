-- Makes a client a member, unless a later visit of it is there, and tells it when that is new or shows something else.
-- KEYS  1 stream, 2 log, 3 members, 4 their ids in order
-- ARGV  1 to 9 as for the log, 10 client, 11 visit, 12 lease of its node, 13 info, 14 ms to keep the members
-- gives JOINED, CHANGED, MOVED or NONE
local visit, lease, info = member(redis.call('HGET', KEYS[3], ARGV[10]))
local number = tonumber(ARGV[11])
if visit and visit > number then
    return 'NONE'
end
-- Before anything is told: refuses what is no sorted set.
redis.call('ZCARD', KEYS[4])
local change = not visit and 'JOINED' or info ~= ARGV[13] and 'CHANGED' or visit ~= number and 'MOVED' or 'NONE'
if change == 'JOINED' or change == 'CHANGED' then
    tell('join', ARGV[10], ARGV[13])
end
redis.call('HSET', KEYS[3], ARGV[10], ARGV[11] .. ' ' .. ARGV[12] .. ' ' .. ARGV[13])
redis.call('ZADD', KEYS[4], '0', ARGV[10])
redis.call('PEXPIRE', KEYS[3], ARGV[14])
redis.call('PEXPIRE', KEYS[4], ARGV[14])
return change

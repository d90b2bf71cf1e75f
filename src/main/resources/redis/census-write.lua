-- Writes what a node has and does.
-- KEYS  1 rows of all nodes, 2 subscribers by channel of this node
-- ARGV  1 node, 2 its row, 3 ms after which a node that does not tell anything is dead,
--       4 1 to begin the subscribers anew or 0 to change them, 5 channel, 6 subscribers, …
-- gives the number of its channels
local time = now()
redis.call('HSET', KEYS[1], ARGV[1], '{"at":' .. whole(time) .. ',' .. string.sub(ARGV[2], 2))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
living(KEYS[1], ARGV[3], time)
if ARGV[4] == '1' then
    redis.call('UNLINK', KEYS[2])
end
for i = 5, #ARGV, 2 do
    if ARGV[i + 1] == '0' then
        redis.call('ZREM', KEYS[2], ARGV[i])
    else
        redis.call('ZADD', KEYS[2], ARGV[i + 1], ARGV[i])
    end
end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return redis.call('ZCARD', KEYS[2])

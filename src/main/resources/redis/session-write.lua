-- Writes a session, unless a later turn of it is there: a node that was frozen or cut off comes late with what it knows.
-- KEYS  1 session
-- ARGV  1 turn, 2 session as JSON, beginning with its turn, 3 ms to keep it
-- gives 1, or 0 when it came late
local found = redis.call('GET', KEYS[1])
local turn = found and tonumber(string.match(found, '^{"turn":(%d+),'))
if turn and turn > tonumber(ARGV[1]) then
    return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1

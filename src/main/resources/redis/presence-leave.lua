-- Ends a client's visit and tells it, unless a later one has taken its place.
-- KEYS  1 stream, 2 log, 3 members, 4 their ids in order
-- ARGV  1 to 9 as for the log, 10 client, 11 visit
-- gives 1, or 0 when it was over
local visit, _, info = member(redis.call('HGET', KEYS[3], ARGV[10]))
if visit ~= tonumber(ARGV[11]) then
    return 0
end
remove(ARGV[10], info)
return 1

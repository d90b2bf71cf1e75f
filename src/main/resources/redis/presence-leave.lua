-- Ends a client's visit and tells it, unless a later one has taken its place.
-- KEYS  1 stream, 2 log, 3 members, 4 their ids in order
-- ARGV  1 to 8 as for the log, 9 client, 10 visit
-- gives 1, or 0 when it was over
local visit, _, info = member(redis.call('HGET', KEYS[3], ARGV[9]))
if visit ~= tonumber(ARGV[10]) then
    return 0
end
remove(ARGV[9], info)
return 1

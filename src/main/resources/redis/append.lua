-- Appends a publication and announces it, or gives the position of the first one with this id.
-- KEYS  1 stream, 2 log, 3 id, 4 id of the publication that was sent before it, if its answer was not known
-- ARGV  1 to 8 as for the log, 9 ms to remember the id, 10 messageId, 11 client it is withheld from or '', 12 data
-- gives {0 appended or 1 duplicate, epoch, offset}, or {2} when the one before has not been appended
local seen = redis.call('GET', KEYS[3])
if seen then
    local epoch, offset = string.match(seen, '^(%S+) (%d+)$')
    if not epoch then
        return redis.error_reply('WRONGTYPE ' .. KEYS[3] .. ' is not a position')
    end
    return {1, epoch, offset}
end
if KEYS[4] and redis.call('EXISTS', KEYS[4]) == 0 then
    return {2}
end

local epoch, offset, time = add(ARGV[10], ARGV[11], ARGV[12])
redis.call('SET', KEYS[3], epoch .. ' ' .. offset, 'PX', ARGV[9])
announce(epoch, offset, time, ARGV[10], ARGV[11], ARGV[12])
return {0, epoch, offset}

-- Adds a publication to a channel's log, and announces it.
-- KEYS  1 stream, 2 log
-- ARGV  1 generation, 2 fresh epoch, 3 ms to keep the stream, 4 history size, 5 history bytes, 6 history ms,
--       7 PUBLISH or SPUBLISH, 8 its channel
-- gives epoch, offset and time
local function add(id, except, data)
    local epoch, top, start, bytes, extend = open(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3])
    local offset = whole(top + 1)
    local time = now()
    local keep, size, most, age = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

    local length
    if size > 0 and age > 0 then
        redis.call('XADD', KEYS[2], offset .. '-0', 'id', id, 'time', whole(time), 'except', except, 'data', data)
        length = redis.call('XLEN', KEYS[2])
        bytes = (length == 1 and 0 or bytes) + #data
        -- Removing one at a time would cost every append a look at the oldest entry.
        local stride = math.min(size, 64)
        if length > size + stride or bytes > most or (top + 1) % stride == 0 then
            local oldest = time - age
            local over = length - size
            local last, count
            repeat
                -- Those that are too many; after them one, to see whether it has to go, and if so, more.
                count = over > 0 and math.min(over, 64) or count == 1 and 64 or 1
                last = nil
                for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', count)) do
                    if over <= 0 and bytes <= most and tonumber(entry[2][4]) >= oldest then
                        break
                    end
                    over = over - 1
                    bytes = bytes - #entry[2][8]
                    last = entry[1]
                end
                if last then
                    redis.call('XTRIM', KEYS[2], 'MINID', (string.gsub(last, '-0$', '-1')))
                end
            until not last
        end
    end

    redis.call('HSET', KEYS[1], 'top', offset, 'bytes', whole(bytes))
    -- Both live a little longer than they have to, so that not every append has to extend that.
    if not extend or extend <= time or length == 1 then
        local spare = math.floor(math.min(keep, age > 0 and age or keep) / 8)
        if length then
            redis.call('PEXPIRE', KEYS[2], whole(age + spare))
        end
        redis.call('PEXPIRE', KEYS[1], whole(keep + spare))
        redis.call('HSET', KEYS[1], 'extend', whole(time + spare))
    end
    return epoch, offset, time
end

local function announce(epoch, offset, time, id, except, data)
    redis.call(ARGV[7], ARGV[8], table.concat({epoch, offset, whole(time), #id, #except, ''}, ' ') .. id .. except .. data)
end

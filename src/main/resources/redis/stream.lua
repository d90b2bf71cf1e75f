-- Opens a channel's stream: gives its epoch, top, start and bytes, and when its life has to be extended, if known.
-- A stream that is not there begins with a fresh epoch. So does one that was used under another generation of this server:
-- offsets after its top may have been given out and lost. Its offsets then go on, "start" says where the epoch began, and
-- "previous" which one it followed: up to the start, the offsets of both mean the same.
local function open(stream, log, generation, fresh, keepMs)
    local found = redis.call('HMGET', stream, 'epoch', 'top', 'start', 'bytes', 'generation', 'extend')
    if not found[1] then
        -- An empty log still knows its last offset and would take none before it; the length refuses what is no log.
        if redis.call('XLEN', log) > 0 or redis.call('EXISTS', log) == 1 then
            redis.call('UNLINK', log)
        end
        redis.call('HSET', stream, 'epoch', fresh, 'top', '0', 'start', '0', 'bytes', '0', 'generation', generation)
        redis.call('PEXPIRE', stream, keepMs)
        return fresh, 0, 0, 0
    end
    if found[5] ~= generation then
        redis.call('HSET', stream, 'epoch', fresh, 'start', found[2], 'generation', generation, 'previous', found[1])
        return fresh, tonumber(found[2]), tonumber(found[2]), tonumber(found[4])
    end
    return found[1], tonumber(found[2]), tonumber(found[3]), tonumber(found[4]), tonumber(found[6] or 0)
end

local function whole(number)
    return string.format('%d', number)
end

local function now()
    local time = redis.call('TIME')
    return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

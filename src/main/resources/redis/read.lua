-- Reads publications after a position.
-- KEYS  1 stream, 2 log
-- ARGV  1 generation, 2 fresh epoch, 3 ms to keep a stream that is not there, 4 epoch, 5 offset to read after,
--       6 most publications, 7 most bytes, 8 history size, 9 history ms,
--       10 how many publications before the offset to give as well, so that others can be served by them
-- gives {epoch, top, floor: the oldest offset after which everything is there, start of the epoch, the one before it or '',
--        {offset, id, time, except, data, …}}, with nothing when the position cannot be served
local epoch, top, start, stored = open(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3])
local after = tonumber(ARGV[5])
local size, age = tonumber(ARGV[8]), tonumber(ARGV[9])

local function offsetOf(entry)
    return tonumber(string.match(entry[1], '^%d+'))
end

-- The oldest position after which everything is there; what is too old or too much does not count.
local floor = top
local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
if first then
    floor = math.max(offsetOf(first) - 1, top - size)
    local oldest = now() - age
    local function expired(offset)
        local entry = redis.call('XRANGE', KEYS[2], whole(offset), whole(offset))[1]
        return not entry or tonumber(entry[2][4]) < oldest
    end
    if floor < top and expired(floor + 1) then
        local old, young = floor + 1, top + 1
        while young - old > 1 do
            local middle = math.floor((old + young) / 2)
            if expired(middle) then
                old = middle
            else
                young = middle
            end
        end
        floor = old
    end
end

local page = {}
local previous = redis.call('HGET', KEYS[1], 'previous') or ''
if ARGV[4] ~= epoch or after > top or after < floor then
    return {epoch, whole(top), whole(floor), whole(start), previous, page}
end
local bytes, most = 0, tonumber(ARGV[7])
local lead = math.min(tonumber(ARGV[10]), math.floor(most * redis.call('XLEN', KEYS[2]) / math.max(1, stored)))
local from = math.max(floor, after - lead) + 1
local left = tonumber(ARGV[6]) + (after + 1 - from)
-- Where the log goes on after a hole, which it has when no history was kept for a while: nothing is read across one.
local edge = top
while left > 0 and edge == top and (bytes < most or from <= after + 1) do
    local entries = redis.call('XRANGE', KEYS[2], whole(from), whole(top), 'COUNT', math.min(left, 128))
    if #entries == 0 then
        break
    end
    for _, entry in ipairs(entries) do
        local fields = entry[2]
        local offset = offsetOf(entry)
        if offset > from then
            if offset > after + 1 then
                edge = offset - 1
                break
            end
            page = {}
        end
        from = offset
        page[#page + 1] = whole(from)
        page[#page + 1] = fields[2]
        page[#page + 1] = fields[4]
        page[#page + 1] = fields[6]
        page[#page + 1] = fields[8]
        bytes = bytes + #fields[8]
        from = from + 1
    end
    left = left - #entries
end
if from <= after + 1 and after < top then
    floor, page = edge, {}
end
return {epoch, whole(top), whole(floor), whole(start), previous, page}

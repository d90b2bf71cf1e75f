-- Takes or keeps the lease of the ingest stream and gives its holder the next entries, in order: those that were given out
-- and are not done with, whoever has them, then the others.
-- KEYS  1 stream, 2 lease
-- ARGV  1 node, 2 ms of the lease, 3 most entries, 4 most bytes, except that one entry may have more, 5 where to cut a value
-- gives {1 when the node has the lease or 0, {entry, channel, data, id}, …}; what an entry lacks is nil
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then
    return {0}
end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])

local left, room, cut = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local taken = {1}

local function take(entry)
    local values = {}
    local fields = entry[2]
    for i = 1, #fields, 2 do
        local name = fields[i]
        if (name == 'channel' or name == 'data' or name == 'id') and not values[name] then
            values[name] = string.sub(fields[i + 1], 1, cut)
            room = room - #values[name]
        end
    end
    taken[#taken + 1] = {entry[1], values.channel or false, values.data or false, values.id or false}
    left = left - 1
end

local cursor = '0-0'
while left > 0 and room > 0 do
    local claimed = redis.pcall('XAUTOCLAIM', KEYS[1], GROUP, CONSUMER, '0', cursor, 'COUNT', '1')
    if claimed.err then
        if not string.find(claimed.err, 'NOGROUP', 1, true) then
            return claimed
        end
        redis.call('XGROUP', 'CREATE', KEYS[1], GROUP, '0', 'MKSTREAM')
        break
    end
    cursor = claimed[1]
    -- One that was deleted meanwhile is nil in Redis 6.2.
    if claimed[2][1] then
        take(claimed[2][1])
    end
    if cursor == '0-0' then
        break
    end
end
while left > 0 and room > 0 and cursor == '0-0' do
    local read = redis.call('XREADGROUP', 'GROUP', GROUP, CONSUMER, 'COUNT', '1', 'STREAMS', KEYS[1], '>')
    if not read then
        break
    end
    take(read[1][2][1])
end
return taken

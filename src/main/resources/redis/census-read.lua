-- Gives what all nodes have and do, with a page of the channels.
-- The names of all channels are kept for a moment, so that many pages cost one union.
-- KEYS  1 rows of all nodes, 2 names of all channels; with ':' and a node behind it, the subscribers there
-- ARGV  1 ms after which a node that does not tell anything is dead, 2 ms to keep the names, 3 channel before the page or '',
--       4 most channels
-- gives {time, number of channels, 1 when more follow or 0, {node, row, …}, {channel, subscribers, …}}
local time = now()
local rows = living(KEYS[1], ARGV[1], time)
local sets, zeros = {}, {}
for i = 1, #rows, 2 do
    sets[#sets + 1] = KEYS[2] .. ':' .. rows[i]
    zeros[#zeros + 1] = '0'
end
if #sets > 0 and redis.call('EXISTS', KEYS[2]) == 0 then
    local union = {'ZUNIONSTORE', KEYS[2], #sets}
    for _, set in ipairs(sets) do
        union[#union + 1] = set
    end
    union[#union + 1] = 'WEIGHTS'
    for _, zero in ipairs(zeros) do
        union[#union + 1] = zero
    end
    redis.call(unpack(union))
    redis.call('PEXPIRE', KEYS[2], ARGV[2])
end

local limit, more = tonumber(ARGV[4]), 0
local page = {}
if limit > 0 then
    page = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[3] == '' and '-' or '(' .. ARGV[3], '+', 'LIMIT', '0', whole(limit + 1))
    if #page > limit then
        more = 1
        page[#page] = nil
    end
end
local sums = {}
for i = 1, #page do
    sums[i] = 0
end
if #page > 0 then
    for _, set in ipairs(sets) do
        local scores = redis.call('ZMSCORE', set, unpack(page))
        for i = 1, #page do
            sums[i] = sums[i] + (tonumber(scores[i] or 0) or 0)
        end
    end
end
local channels = {}
for i = 1, #page do
    channels[#channels + 1] = page[i]
    channels[#channels + 1] = whole(sums[i])
end
return {whole(time), redis.call('ZCARD', KEYS[2]), more, rows, channels}

-- Gives a page of a channel's members.
-- KEYS  1 members, 2 their ids in order
-- ARGV  1 client before the page or '', 2 most members; with 0 only their number is looked at, 3 most bytes of infos, about
-- gives {number of members, 1 when more follow or 0, {client, info, …}}
local limit, more, page, bytes = tonumber(ARGV[2]), 0, {}, 0
if limit > 0 then
    local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
    local clients = redis.call('ZRANGEBYLEX', KEYS[2], from, '+', 'LIMIT', '0', whole(limit + 1))
    if #clients > limit then
        more = 1
        clients[#clients] = nil
    end
    for start = 1, #clients, 100 do
        if bytes > tonumber(ARGV[3]) then
            more = 1
            break
        end
        local stop = math.min(start + 99, #clients)
        for i, value in ipairs(redis.call('HMGET', KEYS[1], unpack(clients, start, stop))) do
            local visit, _, info = member(value)
            if visit then
                page[#page + 1] = clients[start + i - 1]
                page[#page + 1] = info
                bytes = bytes + #info
            end
        end
    end
end
return {redis.call('ZCARD', KEYS[2]), more, page}

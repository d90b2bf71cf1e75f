-- Gives a page of a channel's members.
-- KEYS  1 members, 2 their ids in order
-- ARGV  1 client before the page or '', 2 most members; with 0 only their number is looked at
-- gives {number of members, 1 when more follow or 0, {client, info, …}}
local limit, more, page = tonumber(ARGV[2]), 0, {}
if limit > 0 then
    local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
    local clients = redis.call('ZRANGEBYLEX', KEYS[2], from, '+', 'LIMIT', '0', whole(limit + 1))
    if #clients > limit then
        more = 1
        clients[#clients] = nil
    end
    local values = #clients > 0 and redis.call('HMGET', KEYS[1], unpack(clients)) or {}
    for i, client in ipairs(clients) do
        local visit, _, info = member(values[i])
        if visit then
            page[#page + 1] = client
            page[#page + 1] = info
        end
    end
end
return {redis.call('ZCARD', KEYS[2]), more, page}

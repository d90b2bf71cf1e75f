-- Removes members of a lease that has lapsed, and tells each; looks at a few members, so that Redis does other things between.
-- KEYS  1 stream, 2 log, 3 members, 4 their ids in order
-- ARGV  1 to 8 as for the log, 9 lease, 10 client to go on after or '', 11 most members to look at
-- gives the client to go on after, or '' at the end
local from = ARGV[10] == '' and '-' or '(' .. ARGV[10]
local clients = redis.call('ZRANGEBYLEX', KEYS[4], from, '+', 'LIMIT', '0', ARGV[11])
local values = #clients > 0 and redis.call('HMGET', KEYS[3], unpack(clients)) or {}
for i, client in ipairs(clients) do
    local _, lease, info = member(values[i])
    if lease == ARGV[9] then
        remove(client, info)
    end
end
return #clients < tonumber(ARGV[11]) and '' or clients[#clients]

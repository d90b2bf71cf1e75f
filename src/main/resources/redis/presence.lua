-- The members of a channel, and what is told of them in the channel's presence.
-- A member is written as its visit, the lease of the node that it came to, and what it shows.
local function member(value)
    local visit, lease, info = string.match(value or '', '^(%d+) (%S+) (.*)$')
    return tonumber(visit), lease, info
end

-- Client ids need no escaping.
local function tell(event, client, info)
    local data = '{"clientId":"' .. client .. '","info":' .. info .. '}'
    local epoch, offset, time = add(event, '', data)
    announce(epoch, offset, time, event, '', data)
end

local function remove(client, info)
    tell('leave', client, info)
    redis.call('HDEL', KEYS[3], client)
    redis.call('ZREM', KEYS[4], client)
end

-- The rows of nodes that live: {node, row, …}. Removes those that have not told anything for so many ms.
local function living(nodes, deadMs, time)
    local rows = redis.call('HGETALL', nodes)
    local alive = {}
    for i = 1, #rows, 2 do
        local at = tonumber(string.match(rows[i + 1], '^{"at":(%d+),'))
        if at and at > time - tonumber(deadMs) then
            alive[#alive + 1] = rows[i]
            alive[#alive + 1] = rows[i + 1]
        else
            redis.call('HDEL', nodes, rows[i])
        end
    end
    return alive
end

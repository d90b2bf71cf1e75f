-- Writes a session, unless a later turn of it is there: a node that was frozen or cut off comes late with what it knows. Later
-- attempts to take it go on.
-- KEYS  1 session, see session-take.lua
-- ARGV  1 turn, 2 session as JSON, beginning with its turn, 3 ms to keep it
-- gives 1, or 0 when it came late
local found = redis.call('GET', KEYS[1]) or ''
local last, queue, session = string.match(found, '^taken (%d+) ([^\n]*)\n(.*)$')
local turn = tonumber(string.match(session or found, '^{"turn":(%d+),')) or -1
local own = tonumber(ARGV[1])
local later = (tonumber(last) or own) - own
if turn > own then
    return 0
end
local kept = ARGV[2]
if later > 0 then
    local attempts = {}
    for attempt in string.gmatch(queue, '%S+') do
        table.insert(attempts, attempt)
    end
    local first = math.max(1, #attempts - later + 1)
    kept = string.format('taken %s %s\n%s', last, table.concat(attempts, ' ', first), kept)
end
redis.call('SET', KEYS[1], kept, 'PX', ARGV[3])
return 1

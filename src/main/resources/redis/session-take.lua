-- Puts an attempt at the end of the queue for a session, or finds it where it stands, since its first answer was lost.
-- KEYS  1 session: its JSON, before that 'taken <turn of the last attempt> <attempts in their order>' and a line break
-- ARGV  1 attempt, 2 ms that the session then waits to be kept anew
-- gives the session or '', the attempt's turn, and the attempts before it
local MOST = 32
local found = redis.call('GET', KEYS[1])
if not found then
    return {'', 0, ''}
end
local last, queue, session = string.match(found, '^taken (%d+) ([^\n]*)\n(.*)$')
session = session or found
last = tonumber(last or string.match(session, '^{"turn":(%d+),'))
local attempts, stands = {}, nil
for attempt in string.gmatch(queue or '', '%S+') do
    table.insert(attempts, attempt)
    stands = attempt == ARGV[1] and #attempts or stands
end
if not stands then
    table.insert(attempts, ARGV[1])
    if #attempts > MOST then
        table.remove(attempts, 1)
    end
    last = last + 1
    stands = #attempts
    local queued = string.format('taken %d %s\n%s', last, table.concat(attempts, ' '), session)
    redis.call('SET', KEYS[1], queued, 'PX', ARGV[2])
end
return {session, last - #attempts + stands, table.concat(attempts, ' ', 1, stands - 1)}

-- Takes a session: it stays for a while, marked as taken, so that the same attempt gets it again when the first answer was lost, and
-- others know who has it.
-- KEYS  1 session
-- ARGV  1 attempt, 2 ms that the mark stays, 3 attempt that may be replaced or ''
-- gives the session or '', and the attempt that had taken it before or ''
local found = redis.call('GET', KEYS[1])
if not found then
    return {'', ''}
end
local taker, session = string.match(found, '^taken ([^\n]*)\n(.*)$')
if not taker or taker == ARGV[3] then
    session = session or found
    redis.call('SET', KEYS[1], 'taken ' .. ARGV[1] .. '\n' .. session, 'PX', ARGV[2])
    return {session, taker or ''}
end
return {taker == ARGV[1] and session or '', taker}

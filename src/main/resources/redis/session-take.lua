-- Takes a session: it stays for a while, marked as taken, so that the same attempt gets it again when the first answer was lost, and
-- nobody else does.
-- KEYS  1 session
-- ARGV  1 attempt, 2 ms that the mark stays
-- gives the session or '', and the attempt that has taken it before or ''
local found = redis.call('GET', KEYS[1])
if not found then
    return {'', ''}
end
local taker, session = string.match(found, '^taken ([^\n]*)\n(.*)$')
if not taker then
    redis.call('SET', KEYS[1], 'taken ' .. ARGV[1] .. '\n' .. found, 'PX', ARGV[2])
    return {found, ''}
end
if taker == ARGV[1] then
    return {session, ''}
end
return {'', taker}

-- Writes a session, unless a later turn of it is there: a node that was frozen or cut off comes late with what it knows. A checkpoint
-- also comes too late when the session was taken; what its connection leaves at the end does not.
-- KEYS  1 session
-- ARGV  1 turn, 2 session as JSON, beginning with its turn, 3 ms to keep it, 4 1 for a checkpoint
-- gives 1, or 0 when it came late
local found = redis.call('GET', KEYS[1]) or ''
local session = string.match(found, '^taken [^\n]*\n(.*)$')
local turn = tonumber(string.match(session or found, '^{"turn":(%d+),')) or -1
local own = tonumber(ARGV[1])
if turn > own or (session and turn == own and ARGV[4] == '1') then
    return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1

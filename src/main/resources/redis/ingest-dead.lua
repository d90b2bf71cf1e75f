-- Moves an entry that cannot be broadcast to the dead letters, once.
-- KEYS  1 stream, 2 dead letters
-- ARGV  1 entry, 2 reason, 3 about how many dead letters to keep, 4 most fields to keep, 5 where to cut a value
-- gives 1, or 0 when it was done before
if #redis.call('XPENDING', KEYS[1], GROUP, ARGV[1], ARGV[1], '1') == 0 then
    return 0
end
local letter = {'reason', ARGV[2], 'entry', ARGV[1]}
local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
local fields = entry and entry[2] or {}
for i = 1, math.min(#fields, 2 * tonumber(ARGV[4])) do
    letter[#letter + 1] = string.sub(fields[i], 1, tonumber(ARGV[5]))
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', unpack(letter))
redis.call('XACK', KEYS[1], GROUP, ARGV[1])
redis.call('XDEL', KEYS[1], ARGV[1])
return 1

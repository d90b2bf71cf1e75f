-- Names the generation of this server's data, and sends a probe to the caller's own subscription.
-- Data of another run of a server is another generation: what that run accepted last may be missing.
-- KEYS  1 generation
-- ARGV  1 run id of the server, 2 generation the caller knows of this run or '', 3 fresh generation,
--       4 channel of the probe, 5 what to send there
-- gives {generation, mark: another one each time that the generation was written, as after a flush}
local found = redis.call('HMGET', KEYS[1], 'run', 'id', 'mark')
local id, mark = found[2], found[3]
if found[1] ~= ARGV[1] then
    id = (not found[1] and ARGV[2] ~= '') and ARGV[2] or ARGV[3]
    mark = ARGV[3]
    redis.call('HSET', KEYS[1], 'run', ARGV[1], 'id', id, 'mark', mark)
end
redis.call('PUBLISH', ARGV[4], ARGV[5])
return {id, mark}

-- Names the generation of this server's data.
-- Data of another run of a server is another generation: what that run accepted last may be missing.
-- KEYS  1 generation
-- ARGV  1 run id of the server, 2 generation the caller knows of this run or '', 3 fresh generation,
--       4 DUE when what another run has left here is not about this server: it came with its slot
-- gives {generation, mark: another one each time that the generation was written, as after a flush}
local found = redis.call('HMGET', KEYS[1], 'run', 'id', 'mark')
local id, mark = found[2], found[3]
if found[1] ~= ARGV[1] then
    local known = ARGV[2] ~= '' and (not found[1] or ARGV[4] == 'DUE')
    id = known and ARGV[2] or ARGV[3]
    mark = ARGV[3]
    redis.call('HSET', KEYS[1], 'run', ARGV[1], 'id', id, 'mark', mark)
end
return {id, mark}

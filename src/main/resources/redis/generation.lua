-- Names the generation of this server's data.
-- Data of another life of a server is another generation: what that life accepted last may be missing.
-- KEYS  1 generation
-- ARGV  1 life of the server, 2 generation the caller knows of this life or '', 3 fresh generation,
--       4 DUE when what another life has left here is not about this server: it came with its slot
-- gives {generation, mark: another one each time that the generation was written, as after a flush}
local found = redis.call('HMGET', KEYS[1], 'life', 'id', 'mark')
local id, mark = found[2], found[3]
local known = ARGV[2] ~= ''
-- A caller that knows a generation has asked for the server's life when it connected: another one may be the later.
if not found[1] or (found[1] ~= ARGV[1] and (not known or ARGV[4] == 'DUE')) then
    id = known and ARGV[2] or ARGV[3]
    mark = ARGV[3]
    redis.call('HSET', KEYS[1], 'life', ARGV[1], 'id', id, 'mark', mark)
end
return {id, mark}

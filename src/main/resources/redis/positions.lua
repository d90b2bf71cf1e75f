-- Gives the newest position of each channel, and keeps those streams alive.
-- KEYS  stream and log of each channel
-- ARGV  1 generation, 2 fresh epoch, 3 ms to keep a stream at least
-- gives {epoch, top, …}
local positions = {}
for i = 1, #KEYS, 2 do
    local epoch, top = open(KEYS[i], KEYS[i + 1], ARGV[1], ARGV[2], ARGV[3])
    if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[3]) then
        redis.call('PEXPIRE', KEYS[i], ARGV[3])
    end
    positions[#positions + 1] = epoch
    positions[#positions + 1] = whole(top)
end
return positions

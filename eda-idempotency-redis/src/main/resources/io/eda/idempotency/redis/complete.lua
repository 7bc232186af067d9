-- Makes a claim a completion: KEYS[1] from ARGV[1] ('P' and the token) to ARGV[2] (the token's number) for ARGV[3] ms.
-- Invariants: a late owner changes nothing; the same completion again is answered as the first one.
local held = redis.call('GET', KEYS[1])
if held == ARGV[1] then
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    return 1
end
return held == ARGV[2] and 1 or 0

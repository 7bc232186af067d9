-- Claims KEYS[1] for ARGV[1] ('P' and the token) for ARGV[2] milliseconds, and says who is in the way.
-- Invariants: the key is never without a time to live; an answer and what it tells about the holder are of one moment.
-- Answers -1 granted, -2 completed, -3 not written by this store; more than 0: in progress, for that many milliseconds.
local held = redis.call('GET', KEYS[1])
if not held or held == ARGV[1] then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return -1
end
if string.sub(held, 1, 1) == 'P' then
    return math.max(1, redis.call('PTTL', KEYS[1]))
end
if string.match(held, '^%d+$') then
    return -2
end
return -3

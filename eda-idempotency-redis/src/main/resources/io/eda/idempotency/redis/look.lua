-- Tells what is known about KEYS[1].
-- Invariants: nothing changes; an answer and what it tells about the holder are of one moment.
-- Answers -1 nothing, -2 completed, -3 not written by this store; more than 0: in progress, for that many milliseconds.
local held = redis.call('GET', KEYS[1])
if not held then
    return -1
end
if string.sub(held, 1, 1) == 'P' then
    return math.max(1, redis.call('PTTL', KEYS[1]))
end
if string.match(held, '^%d+$') then
    return -2
end
return -3

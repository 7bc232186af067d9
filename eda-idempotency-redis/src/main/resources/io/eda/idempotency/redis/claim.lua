-- Claims each of KEYS: KEYS[i] for ARGV[i+1] ('P' and the token), all for ARGV[1] milliseconds, and says who is in the way.
-- Invariants: a key is never without a time to live; an answer and what it tells about the holder are of one moment; what is wrong
-- with one key is no matter for the others.
-- Answers a number a key: -1 granted, -2 completed, -3 not written by this store; more than 0: in progress, for that many
-- milliseconds.
local function claim(key, mine, lease)
    if redis.call('SET', key, mine, 'NX', 'PX', lease) then
        return -1
    end
    -- Fails where the key is no string.
    local held = redis.pcall('GET', key)
    if held == mine then
        redis.call('PEXPIRE', key, lease)
        return -1
    end
    if type(held) ~= 'string' then
        return -3
    end
    if string.sub(held, 1, 1) == 'P' then
        return math.max(1, redis.call('PTTL', key))
    end
    return string.match(held, '^%d+$') and -2 or -3
end

local answers = {}
for i, key in ipairs(KEYS) do
    answers[i] = claim(key, ARGV[i + 1], ARGV[1])
end
return answers

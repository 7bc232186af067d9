-- Makes claims completions: KEYS[i] from ARGV[2i] ('P' and the token) to ARGV[2i+1] (the token's number), all for ARGV[1] ms.
-- Invariants: a late owner changes nothing; the same completion again is answered as the first one; what is wrong with one key is no
-- matter for the others.
-- Answers a number a key: 1 where the claim was held, 0 where it was not.
local answers = {}
for i, key in ipairs(KEYS) do
    -- Fails where the key is no string.
    local held = redis.pcall('GET', key)
    local pending, number = ARGV[2 * i], ARGV[2 * i + 1]
    if held == pending then
        redis.call('SET', key, number, 'PX', ARGV[1])
        answers[i] = 1
    else
        answers[i] = held == number and 1 or 0
    end
end
return answers

-- Gives up the claim of ARGV[1] ('P' and the token) on KEYS[1].
-- Invariant: a late owner changes nothing, and cannot free the claim of another one, nor a completion.
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0

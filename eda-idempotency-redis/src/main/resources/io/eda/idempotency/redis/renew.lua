-- Lets the claim of ARGV[1] ('P' and the token) on KEYS[1] end in ARGV[2] milliseconds from now.
-- Invariant: a late owner changes nothing, and cannot lengthen the claim of another one.
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0

-- Takes the released key that waits longest and that nobody has in hand, by the server's clock. Whoever comes at the same
-- time takes another one.
update ${schema}.parked_keys k
set owner = ?, lease_millis = t.millis, held_until = clock_timestamp() + t.millis * interval '1 millisecond'
from (values (?::bigint)) t (millis)
where k.number = (
    select f.number from ${schema}.parked_keys f
    where f.consumer_group = ? and f.is_released and (f.held_until is null or f.held_until <= clock_timestamp())
    order by f.number
    limit 1
    for update skip locked)
returning k.topic, k.key

-- Gives the owner of a key, whose row is locked, as long for its next message as for the one before.
update ${schema}.parked_keys set held_until = clock_timestamp() + lease_millis * interval '1 millisecond' where number = ?

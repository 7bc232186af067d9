-- Makes the lease of a key end some time from now, if its owner still has it.
update ${schema}.parked_keys
set held_until = clock_timestamp() + ?::bigint * interval '1 millisecond'
where consumer_group = ? and topic = ? and key = ? and owner = ? and held_until > clock_timestamp()

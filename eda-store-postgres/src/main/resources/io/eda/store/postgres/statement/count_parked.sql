-- How many messages a group has parked.
select coalesce(sum(k.messages), 0)::bigint from ${schema}.parked_keys k where k.consumer_group = ?

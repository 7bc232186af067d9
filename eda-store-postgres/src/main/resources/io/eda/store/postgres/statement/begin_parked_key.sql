-- Makes the row of a key, or locks the one that is there: of two who park its first message the second waits here.
insert into ${schema}.parked_keys as k (consumer_group, topic, key)
values (?, ?, ?)
on conflict (consumer_group, topic, key) do update set messages = k.messages
returning k.number, k.messages, k.held_until > clock_timestamp() as is_held, k.owner

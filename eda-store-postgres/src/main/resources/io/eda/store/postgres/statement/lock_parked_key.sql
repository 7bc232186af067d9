-- Locks a key that is parked, so that nobody else changes it or its messages until the transaction ends.
select k.number, k.messages, k.held_until > clock_timestamp() as is_held, k.owner
from ${schema}.parked_keys k
where k.consumer_group = ? and k.topic = ? and k.key = ?
for update

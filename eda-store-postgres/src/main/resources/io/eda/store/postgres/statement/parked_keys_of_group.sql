-- The keys that a group has parked, those that wait longest first.
select k.consumer_group, k.topic, k.key
from ${schema}.parked_keys k
where k.consumer_group = ?
order by k.number
limit ?

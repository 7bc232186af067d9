-- Parks an event if others of its aggregate are parked. Comes behind lock_aggregate, as a statement of its own, so that it
-- sees what the holder of that lock did before.
insert into ${schema}.failed_events (name, position, aggregate_type, aggregate_id, is_parked, attempts, error)
select v.name, v.position, v.aggregate_type, v.aggregate_id, true, v.attempts, v.error
from (values (?, ?::bigint, ?, ?, ?::integer, ?)) v (name, position, aggregate_type, aggregate_id, attempts, error)
where exists (
    select from ${schema}.failed_events f
    where f.name = v.name and f.aggregate_id = v.aggregate_id and f.aggregate_type = v.aggregate_type and f.is_parked)
on conflict (name, position) do nothing;

-- What became of an append whose connection was lost: whether its session is still there, and, in a statement of its own
-- behind that, where its last event stands. Invariant: the order. A session that has ended before the second statement
-- begins cannot commit any more, and what it committed is seen.
select exists (select 1 from pg_stat_activity s where s.pid = ?);
select e.aggregate_version, e.position
from ${schema}.events e
where e.aggregate_type = ? and e.aggregate_id = ? and e.event_id = ?;

-- One observation for the watermark. Invariant: the order of the two statements. The last committed position is read
-- first and the writers behind it: a writer that begins in between draws a greater position than the one that was read.
-- Both travel in one round trip.
--
-- The ids tell a server that has lost events, and has others in their place, from the one that was read before: the id of
-- the last event, and the id that stands now where readers have come to.
select coalesce(last.position, 0) as committed, last.event_id, standing.event_id, pg_is_in_recovery()
from (select ?::int8 as seen) k
left join lateral (select e.position, e.event_id from ${schema}.events e order by e.position desc limit 1) last on true
left join lateral (select e.event_id from ${schema}.events e where e.position = k.seen) standing on true;
select l.virtualtransaction
from pg_locks l
where l.locktype = 'relation'
    and l.relation = '${schema}.events'::regclass
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    and l.granted;

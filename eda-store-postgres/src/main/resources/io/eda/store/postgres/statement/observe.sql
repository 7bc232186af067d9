-- One observation for the watermark. Invariant: the order of the two statements. The last committed position is read
-- first and the writers behind it: a writer that begins in between draws a greater position than the one that was read.
-- Both travel in one round trip.
select coalesce(max(e.position), 0) from ${schema}.events e;
select l.virtualtransaction
from pg_locks l
where l.locktype = 'relation'
    and l.relation = '${schema}.events'::regclass
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    and l.granted;

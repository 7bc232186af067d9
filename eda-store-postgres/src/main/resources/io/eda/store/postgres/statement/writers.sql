-- For people: who has written to the event table and not committed yet, the oldest first. Readers see nothing that was
-- drawn behind the oldest until it ends. A prepared transaction has no pid: end it by COMMIT PREPARED or ROLLBACK PREPARED.
select distinct l.virtualtransaction, coalesce(l.pid, 0) as pid,
    coalesce(extract(epoch from clock_timestamp() - s.xact_start) * 1000, 0)::int8 as age_millis,
    coalesce(s.state, case when l.pid is null then 'prepared transaction' else 'hidden' end) as state,
    coalesce(s.application_name, '') as application, coalesce(s.query, '') as query
from pg_locks l
left join pg_stat_activity s on s.pid = l.pid
where l.locktype = 'relation'
    and l.relation = '${schema}.events'::regclass
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    and l.granted
    and l.pid is distinct from pg_backend_pid()
order by age_millis desc;

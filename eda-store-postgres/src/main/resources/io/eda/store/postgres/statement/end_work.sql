-- Ends the sessions that are still at work under a lease that is over. A frozen process cannot end its transaction by
-- itself, and would hold the checkpoint's row for as long as it is frozen.
select pg_terminate_backend(k.pid) from pg_locks k, (select hashtextextended(?, 1) as key) work
where k.locktype = 'advisory' and k.granted and k.objsubid = 1 and k.pid <> pg_backend_pid()
    and k.database = (select d.oid from pg_database d where d.datname = current_database())
    and k.classid::bigint = (work.key >> 32) & 4294967295 and k.objid::bigint = work.key & 4294967295;

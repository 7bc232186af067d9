-- Whether the session of an append whose connection was lost is still there, and may still commit.
select exists (select 1 from pg_stat_activity s where s.pid = ?)

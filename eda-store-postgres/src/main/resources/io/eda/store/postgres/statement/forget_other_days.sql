-- Forgets what stands in the default partition and was handled longer ago than the retention, some rows at a time.
delete from ${schema}.inbox_other_days
where ctid = any (array(
    select ctid from ${schema}.inbox_other_days where handled_at < now() - make_interval(secs => ?) limit ?));

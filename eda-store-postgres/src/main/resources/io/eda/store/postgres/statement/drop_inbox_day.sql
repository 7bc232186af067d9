-- Forgets a day whose events have all been handled longer ago than the retention. The lock comes first, so that nothing is
-- handled between the look and the drop.
do $$
begin
    lock table ${schema}.${partition} in access exclusive mode;
    if not exists (select 1 from ${schema}.${partition} where handled_at > now() - interval '${retention} seconds') then
        drop table ${schema}.${partition};
    end if;
end
$$;

-- A partition for one day, built beside the table and attached, which hinders no handler but those of the default
-- partition. Does nothing for a day that the default partition has rows of: they stay where their deliveries look for them.
do $$
begin
    if to_regclass('${schema}.${partition}') is null
        and not exists (select 1 from ${schema}.inbox_other_days where event_day = '${from}')
    then
        create table ${schema}.${partition} (like ${schema}.inbox including defaults including indexes);
        alter table ${schema}.inbox attach partition ${schema}.${partition} for values from ('${from}') to ('${to}');
    end if;
end
$$;

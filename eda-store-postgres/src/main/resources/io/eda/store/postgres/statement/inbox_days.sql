-- Today, and the days that have a partition.
select current_date_utc, day
from (select (now() at time zone 'UTC')::date as current_date_utc) today
left join lateral (
    select to_date(substr(c.relname, 7), 'YYYYMMDD') as day
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = '${schema}.inbox'::regclass and c.relname ~ '^inbox_[0-9]{8}$') days on true;

-- One member less; those that died without a word go as well.
delete from ${schema}.lease_members
where name = ? and (owner = ? or alive_until < clock_timestamp() - interval '1 minute');

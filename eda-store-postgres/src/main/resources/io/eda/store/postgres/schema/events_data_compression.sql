-- Large data are compressed with lz4, at about half the cost of PostgreSQL's own method, where the server was built with
-- it. Either way they are read as they were written.
do $$
begin
    alter table ${schema}.events alter column data set compression lz4;
exception when feature_not_supported or invalid_parameter_value then
    raise notice 'this server has no lz4: event data are compressed with pglz, which takes about twice the time';
end
$$;

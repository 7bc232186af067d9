-- What must hold before anything is created.
select current_setting('server_version_num')::int4, current_setting('server_version'), pg_is_in_recovery(),
    current_setting('server_encoding');

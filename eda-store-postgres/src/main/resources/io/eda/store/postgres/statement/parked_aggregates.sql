-- The aggregates whose events wait.
select distinct aggregate_type, aggregate_id from ${schema}.failed_events where name = ? and is_parked;

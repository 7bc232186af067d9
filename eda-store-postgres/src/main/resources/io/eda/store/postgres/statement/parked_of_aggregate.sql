-- The parked events of one aggregate, in their order.
select position, aggregate_type, aggregate_id, is_parked, attempts, error from ${schema}.failed_events
where name = ? and aggregate_id = ? and aggregate_type = ? and is_parked order by position limit ?;

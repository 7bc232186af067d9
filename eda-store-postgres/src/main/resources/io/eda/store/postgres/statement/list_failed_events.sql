-- What a follower could not handle, in the order of the positions.
select position, aggregate_type, aggregate_id, is_parked, attempts, error from ${schema}.failed_events
where name = ? and position > ? order by position limit ?;

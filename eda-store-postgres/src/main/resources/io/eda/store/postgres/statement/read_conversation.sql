-- The events of one conversation within a stretch, along the primary key. There is no index of conversations, which every
-- append would pay for; "is true" keeps the planner from any other one, which would have to sort.
select e.position, e.aggregate_version, e.occurred_at, e.schema_version, e.event_id, e.aggregate_type, e.aggregate_id,
    e.event_type, e.correlation_id, e.causation_id, e.metadata, e.data
from ${schema}.events e
where e.position > ? and e.position <= ? and (e.correlation_id = ?) is true
order by e.position
limit ?;

-- A stretch of the events of some types, along the primary key. "is true" keeps the planner from any other index, which
-- would have to sort.
select e.position, e.aggregate_version, e.occurred_at, e.schema_version, e.event_id, e.aggregate_type, e.aggregate_id,
    e.event_type, e.correlation_id, e.causation_id, e.metadata, e.data
from ${schema}.events e
where e.position > ? and e.position <= ? and (e.event_type = any (?::text[])) is true
order by e.position
limit ?;

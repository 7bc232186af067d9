-- The event with an id, wherever it stands. Ids are not unique by a key: the first one of equal ones counts.
select e.position, e.aggregate_version, e.occurred_at, e.schema_version, e.event_id, e.aggregate_type, e.aggregate_id,
    e.event_type, e.correlation_id, e.causation_id, e.metadata, e.data
from ${schema}.events e
where e.event_id = ?
limit 1;

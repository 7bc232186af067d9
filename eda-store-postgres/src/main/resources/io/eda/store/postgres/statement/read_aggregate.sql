-- The events of one aggregate, along the unique key.
select e.position, e.aggregate_version, e.occurred_at, e.schema_version, e.event_id, e.aggregate_type, e.aggregate_id,
    e.event_type, e.correlation_id, e.causation_id, e.metadata, e.data
from ${schema}.events e
where e.aggregate_id = ? and e.aggregate_type = ? and e.aggregate_version >= ?
order by e.aggregate_version
limit ?;

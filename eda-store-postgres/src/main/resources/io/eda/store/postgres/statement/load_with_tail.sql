-- A snapshot and the events from its own on, in one round trip: the snapshot first, as a row without event id.
with snapshot as materialized (
    select s.version, s.position, s.state
    from ${schema}.snapshots s
    where s.aggregate_id = ? and s.aggregate_type = ? and s.schema_version = ?
)
select s.position, s.version, null::timestamptz, null::int4, null::uuid, null::text, null::text, null::text, null::text,
    null::text, null::text, s.state
from snapshot s
union all (
    select e.position, e.aggregate_version, e.occurred_at, e.schema_version, e.event_id, e.aggregate_type, e.aggregate_id,
        e.event_type, e.correlation_id, e.causation_id, e.metadata, e.data
    from ${schema}.events e
    where e.aggregate_id = ? and e.aggregate_type = ?
        and e.aggregate_version >= coalesce((select s.version from snapshot s), 1)
    order by e.aggregate_version
    limit ?
);

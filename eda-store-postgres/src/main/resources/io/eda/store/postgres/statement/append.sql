-- One append in one round trip. Invariant: the rows follow directly on the version that the statement saw, all or none;
-- two statements that saw the same version meet at the unique key.
--
-- The version is a scalar subquery, so that no statistics can turn it into a join over the table. A writer that expects
-- another version inserts nothing and draws no position.
with aggregate as materialized (
    select k.type, k.id, coalesce((
        select e.aggregate_version
        from ${schema}.events e
        where e.aggregate_id = k.id and e.aggregate_type = k.type
        order by e.aggregate_version desc
        limit 1), 0) as version
    from (select ?::text as type, ?::text as id) k
),
inserted as (
    insert into ${schema}.events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, schema_version,
        occurred_at, correlation_id, causation_id, metadata, data)
    select a.type, a.id, a.version + n.ordinal, n.event_id, n.event_type, n.schema_version,
        -- In two parts, because an interval is multiplied as a double, which is exact up to 2^53.
        timestamptz 'epoch' + (n.micros / 1000000) * interval '1 second' + (n.micros % 1000000) * interval '1 microsecond',
        n.correlation_id, n.causation_id, n.metadata, n.data
    from aggregate a
    cross join unnest(?::uuid[], ?::text[], ?::int4[], ?::int8[], ?::text[], ?::text[], ?::text[], ?::bytea[])
        with ordinality as n (event_id, event_type, schema_version, micros, correlation_id, causation_id, metadata, data,
        ordinal)
    where ? or a.version = ?
    order by n.ordinal
    returning aggregate_version, position
)
select a.version, (select max(i.aggregate_version) from inserted i), (select max(i.position) from inserted i)
from aggregate a;

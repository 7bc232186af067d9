-- Appends to many aggregates in one round trip. Invariant: each request's rows follow directly on the version that the
-- statement saw, all of them or none; a request that expects another version inserts nothing and hinders no other.
--
-- There is one request of an aggregate at most, and requests come in the order of their aggregates: two statements that
-- meet at several keys meet at them in the same order, so neither waits for the other in a circle.
with request as materialized (
    select r.type, r.id, r.expected, r.ordinal, coalesce((
        select e.aggregate_version
        from ${schema}.events e
        where e.aggregate_id = r.id and e.aggregate_type = r.type
        order by e.aggregate_version desc
        limit 1), 0) as version
    from unnest(?::text[], ?::text[], ?::int8[]) with ordinality as r (type, id, expected, ordinal)
),
inserted as (
    insert into ${schema}.events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, schema_version,
        occurred_at, correlation_id, causation_id, metadata, data)
    select q.type, q.id, q.version + n.nth, n.event_id, n.event_type, n.schema_version,
        -- In two parts, because an interval is multiplied as a double, which is exact up to 2^53.
        timestamptz 'epoch' + (n.micros / 1000000) * interval '1 second' + (n.micros % 1000000) * interval '1 microsecond',
        n.correlation_id, n.causation_id, n.metadata, n.data
    from unnest(?::int8[], ?::int8[], ?::uuid[], ?::text[], ?::int4[], ?::int8[], ?::text[], ?::text[], ?::text[], ?::bytea[])
        as n (request, nth, event_id, event_type, schema_version, micros, correlation_id, causation_id, metadata, data)
    join request q on q.ordinal = n.request
    where q.expected is null or q.expected = q.version
    order by n.request, n.nth
    returning aggregate_type, aggregate_id, aggregate_version, position
)
select q.ordinal, max(i.aggregate_version), max(i.position)
from request q
left join inserted i on i.aggregate_id = q.id and i.aggregate_type = q.type
group by q.ordinal;

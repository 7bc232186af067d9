-- Appends to many aggregates in one round trip. Invariant: each request's rows follow directly on the version that the
-- statement saw, all of them or none; a request that expects another version inserts nothing and hinders no other.
--
-- There is one request of an aggregate at most, and rows come in the order of their aggregates: two statements that meet
-- at several keys meet at them in the same order, so neither waits for the other in a circle.
--
-- The version is a scalar subquery, so that no statistics can turn it into a join over the table; "offset 0" keeps it from
-- being copied to where it is used, which would look it up twice.
insert into ${schema}.events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, schema_version,
    occurred_at, correlation_id, causation_id, metadata, data)
select n.aggregate_type, n.aggregate_id, n.version + n.nth, n.event_id, n.event_type, n.schema_version,
    -- In two parts, because an interval is multiplied as a double, which is exact up to 2^53.
    timestamptz 'epoch' + (n.micros / 1000000) * interval '1 second' + (n.micros % 1000000) * interval '1 microsecond',
    n.correlation_id, n.causation_id, n.metadata, n.data
from (
    select r.*, coalesce((
        select e.aggregate_version
        from ${schema}.events e
        where e.aggregate_id = r.aggregate_id and e.aggregate_type = r.aggregate_type
        order by e.aggregate_version desc
        limit 1), 0) as version
    from unnest(?::text[], ?::text[], ?::int8[], ?::int8[], ?::uuid[], ?::text[], ?::int4[], ?::int8[], ?::text[], ?::text[],
            ?::text[], ?::bytea[])
        with ordinality as r (aggregate_type, aggregate_id, expected, nth, event_id, event_type, schema_version, micros, correlation_id,
            causation_id, metadata, data, ordinal)
    offset 0
) n
where n.expected is null or n.expected = n.version
order by n.ordinal
returning event_id, aggregate_version, position;

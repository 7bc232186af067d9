-- One event in one round trip: what a lone caller waits for, so without what only a batch needs. Invariant: the row follows
-- directly on the version that the statement saw; two statements that saw the same version meet at the unique key.
--
-- The version is a scalar subquery, so that no statistics can turn it into a join over the table; "offset 0" keeps it from
-- being copied to where it is used, which would look it up twice. A writer that expects another version inserts nothing
-- and draws no position.
insert into ${schema}.events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, schema_version,
    occurred_at, correlation_id, causation_id, metadata, data)
select n.aggregate_type, n.aggregate_id, n.version + 1, ?::uuid, ?::text, ?::int4,
    -- In two parts, because an interval is multiplied as a double, which is exact up to 2^53.
    timestamptz 'epoch' + (n.micros / 1000000) * interval '1 second' + (n.micros % 1000000) * interval '1 microsecond',
    ?::text, ?::text, ?::text, ?::bytea
from (
    select r.*, coalesce((
        select e.aggregate_version
        from ${schema}.events e
        where e.aggregate_id = r.aggregate_id and e.aggregate_type = r.aggregate_type
        order by e.aggregate_version desc
        limit 1), 0) as version
    from (select ?::text as aggregate_type, ?::text as aggregate_id, ?::int8 as expected, ?::int8 as micros) r
    offset 0
) n
where n.expected is null or n.expected = n.version
returning event_id, aggregate_version, position;

-- The history of every aggregate, and the order of all events. Rows are inserted and never changed.
--
-- position           Drawn by the INSERT itself, one at a time: whoever draws a smaller one draws it earlier. Followers
--                    rely on it, hence "generated always" and "cache 1". Rollbacks leave holes.
-- aggregate_version  1, 2, 3 … per aggregate: the writer's statement checks it, the unique key is what two racing writers
--                    cannot pass.
-- metadata           Null where there are none; else a line for each entry, in the order of the keys: key, tab, value.
--                    Neither keys nor values hold control characters, so nothing needs escaping.
-- data               The serialized fact, byte for byte.
--
-- Columns stand in the order of their alignment, so that no row has padding. The key begins with aggregate_id because
-- it tells two rows apart at the first comparison; no column is there twice, and there is no third index, because every
-- append pays for each.
create table ${schema}.events (
    position          bigint generated always as identity (cache 1 no cycle),
    aggregate_version bigint not null,
    occurred_at       timestamptz not null,
    schema_version    integer not null,
    event_id          uuid not null,
    aggregate_type    text collate "C" not null,
    aggregate_id      text collate "C" not null,
    event_type        text collate "C" not null,
    correlation_id    text collate "C" not null,
    causation_id      text collate "C" not null,
    metadata          text collate "C",
    data              bytea not null,
    constraint events_position primary key (position),
    constraint events_aggregate_version unique (aggregate_id, aggregate_type, aggregate_version),
    constraint events_aggregate_version_starts_at_1 check (aggregate_version > 0),
    constraint events_schema_version_starts_at_1 check (schema_version > 0)
) with (fillfactor = 100, autovacuum_vacuum_insert_scale_factor = 0.02);

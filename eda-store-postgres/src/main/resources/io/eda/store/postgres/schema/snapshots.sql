-- Remembered states, the newest of each aggregate. They save time and are never needed: the table may be emptied at any
-- time. Invariant: an older state never replaces a newer one of the same schema version.
create table ${schema}.snapshots (
    version        bigint not null,
    position       bigint not null,
    taken_at       timestamptz not null default now(),
    schema_version integer not null,
    aggregate_type text collate "C" not null,
    aggregate_id   text collate "C" not null,
    state          bytea not null,
    constraint snapshots_aggregate primary key (aggregate_id, aggregate_type)
) with (fillfactor = 70);

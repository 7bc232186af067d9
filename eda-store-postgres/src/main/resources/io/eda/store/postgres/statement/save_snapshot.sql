-- Keeps a snapshot, unless a newer one is there.
insert into ${schema}.snapshots (aggregate_id, aggregate_type, version, position, schema_version, state)
values (?, ?, ?, ?, ?, ?)
on conflict (aggregate_id, aggregate_type) do update
set version = excluded.version, position = excluded.position, schema_version = excluded.schema_version,
    state = excluded.state, taken_at = now()
where (snapshots.schema_version, snapshots.version) < (excluded.schema_version, excluded.version);

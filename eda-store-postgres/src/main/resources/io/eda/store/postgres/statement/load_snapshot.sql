-- The snapshot of an aggregate, where its state has this schema version.
select s.version, s.position, s.state
from ${schema}.snapshots s
where s.aggregate_id = ? and s.aggregate_type = ? and s.schema_version = ?;

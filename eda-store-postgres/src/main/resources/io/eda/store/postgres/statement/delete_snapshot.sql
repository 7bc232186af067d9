-- Forgets the snapshot of an aggregate.
delete from ${schema}.snapshots s where s.aggregate_id = ? and s.aggregate_type = ?;

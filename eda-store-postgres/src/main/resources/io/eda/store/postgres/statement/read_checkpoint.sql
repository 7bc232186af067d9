-- Where a checkpoint stands.
select position from ${schema}.checkpoints where name = ?;

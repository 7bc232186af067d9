-- A shard of a new cut.
insert into ${schema}.checkpoints (name, shard, shards, position, floors, epoch) values (?, ?, ?, ?, ?, ?);

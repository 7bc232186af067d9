-- Where one shard stands, in which epoch.
select c.shard, c.shards, c.position, c.floors, c.epoch from ${schema}.checkpoints c where c.name = ? and c.shard = ?;

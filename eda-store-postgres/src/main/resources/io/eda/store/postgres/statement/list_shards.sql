-- Where every shard of a name stands, in the order of their numbers, as far as is committed.
select c.shard, c.shards, c.position, c.floors, c.epoch from ${schema}.checkpoints c where c.name = ? order by c.shard;

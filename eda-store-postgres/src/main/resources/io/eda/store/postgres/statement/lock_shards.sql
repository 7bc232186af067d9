-- Every shard of a name, locked in the order of their numbers until the cut is made anew.
select c.shard, c.shards, c.position, c.floors, c.epoch from ${schema}.checkpoints c where c.name = ? order by c.shard
for update;

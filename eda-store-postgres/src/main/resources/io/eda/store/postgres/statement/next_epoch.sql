-- Begins a new ownership. Invariant: it waits for the row until no move of the owner before is under way, and after it
-- none can begin.
update ${schema}.checkpoints c set epoch = c.epoch + 1 where c.name = ? and c.shard = ?
returning c.shard, c.shards, c.position, c.floors, c.epoch;

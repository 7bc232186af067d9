-- Puts all shards of a name somewhere, wherever they were; waits for moves that are under way.
update ${schema}.checkpoints set position = ?, floors = null, updated_at = now() where name = ?;

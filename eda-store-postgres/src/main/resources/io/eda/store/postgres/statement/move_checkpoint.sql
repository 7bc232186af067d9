-- Moves a checkpoint from where it is believed to be, in the epoch of its owner. Invariant: it comes first in its
-- transaction, so that a second mover waits here for the row, and then misses it, before it has done any work. The advisory
-- lock tells whoever takes the lease over which session is still at work under it.
update ${schema}.checkpoints c set position = ?, updated_at = now()
from (select pg_advisory_xact_lock_shared(hashtextextended(?, 1))) at_work
where c.name = ? and c.shard = ? and c.epoch = ? and c.position = ?;

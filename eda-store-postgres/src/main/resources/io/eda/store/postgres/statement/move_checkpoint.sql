-- Moves a checkpoint from where it is believed to be. Invariant: it comes first in its transaction, so that a second mover
-- waits here for the row, and then misses it, before it has done any work.
update ${schema}.checkpoints set position = ?, updated_at = now() where name = ? and position = ?;

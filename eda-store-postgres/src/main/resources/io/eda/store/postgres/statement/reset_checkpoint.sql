-- Puts a checkpoint somewhere, wherever it was; waits for a move that is under way.
insert into ${schema}.checkpoints (name, position) values (?, ?)
on conflict (name) do update set position = excluded.position, updated_at = now();

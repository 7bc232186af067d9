-- The first move of a checkpoint. Of two who begin at once, the second waits here for the first one's commit.
insert into ${schema}.checkpoints (name, position) values (?, ?) on conflict (name, shard) do nothing;

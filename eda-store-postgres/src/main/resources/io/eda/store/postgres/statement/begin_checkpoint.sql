-- The first move of a checkpoint. Of two who begin at once, the second waits here for the first one's commit. One that exists is
-- left alone without a wait for whoever has it in hand.
insert into ${schema}.checkpoints (name, position)
select v.name, v.position from (values (?, ?::bigint)) v (name, position)
where not exists (select from ${schema}.checkpoints c where c.name = v.name and c.shard = 0)
on conflict (name, shard) do nothing;

-- Gives a shard back, unless a later owner has it.
update ${schema}.leases l set held_until = '-infinity'
from ${schema}.checkpoints c
where c.name = l.name and c.shard = l.shard and l.name = ? and l.shard = ? and l.owner = ? and c.epoch = ?;

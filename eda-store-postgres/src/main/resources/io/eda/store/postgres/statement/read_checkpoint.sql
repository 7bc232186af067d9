-- Where all shards of a name are.
select min(position) from ${schema}.checkpoints where name = ?;

-- How many shards a name is cut into; 0 where it never began.
select count(*) from ${schema}.checkpoints where name = ?;

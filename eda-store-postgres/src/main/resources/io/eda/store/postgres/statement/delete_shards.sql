-- The cut until now, with its leases; what they had reached stands in the new rows.
with given_up as (delete from ${schema}.leases where name = ?)
delete from ${schema}.checkpoints where name = ?;

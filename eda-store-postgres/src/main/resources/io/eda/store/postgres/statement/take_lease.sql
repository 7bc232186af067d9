-- Takes a shard whose lease is over, or that the owner holds itself, by the server's clock.
insert into ${schema}.leases as l (name, shard, owner, held_until)
values (?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')
on conflict (name, shard) do update set owner = excluded.owner, held_until = excluded.held_until
where l.held_until <= clock_timestamp() or l.owner = excluded.owner;

-- A heartbeat: the owner is alive, its leases are renewed, and this is who runs what. Invariant: time is the server's.
-- A lease that is over but that nobody took is renewed too: its epoch is still the current one.
with member as (
    insert into ${schema}.lease_members as m (name, owner, alive_until)
    values (?, ?, clock_timestamp() + ? * interval '1 millisecond')
    on conflict (name, owner) do update set alive_until = excluded.alive_until
    returning m.name, m.owner, m.alive_until
), renewed as (
    update ${schema}.leases l set held_until = member.alive_until
    from member where l.name = member.name and l.owner = member.owner and l.held_until > '-infinity'
    returning l.shard
)
select 1 + (select count(*) from ${schema}.lease_members o
            where o.name = member.name and o.owner <> member.owner and o.alive_until > clock_timestamp()),
    c.shard, c.epoch, coalesce(l.owner, ''),
    coalesce(l.held_until > clock_timestamp() or r.shard is not null, false),
    c.position
from member
join ${schema}.checkpoints c on c.name = member.name
left join ${schema}.leases l on l.name = c.name and l.shard = c.shard
left join renewed r on r.shard = c.shard
order by c.shard;

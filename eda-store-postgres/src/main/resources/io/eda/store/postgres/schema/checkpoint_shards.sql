-- Shards and their owners. Invariant: the epoch stands in the row that a move locks, so an owner whose lease was taken can
-- never move it again; the lease stands in a table of its own, so that it can be renewed while a page holds that row.
--
-- floors  For each of 256 slots the position up to which it was handled under an earlier cut; null where there was none.
alter table ${schema}.checkpoints
    add column shard  integer not null default 0,
    add column shards integer not null default 1,
    add column epoch  bigint not null default 0,
    add column floors bigint[],
    drop constraint checkpoints_name,
    add constraint checkpoints_name_shard primary key (name, shard),
    add constraint checkpoints_shard_of_shards check (shard >= 0 and shard < shards);

create table ${schema}.leases (
    held_until timestamptz not null,
    shard      integer not null,
    name       text collate "C" not null,
    owner      text collate "C" not null,
    constraint leases_name_shard primary key (name, shard)
) with (fillfactor = 50);

create table ${schema}.lease_members (
    alive_until timestamptz not null,
    name        text collate "C" not null,
    owner       text collate "C" not null,
    constraint lease_members_name_owner primary key (name, owner)
) with (fillfactor = 50);

-- How far each follower has come. Invariant: a position moves only from where its mover believes it to be, in the
-- transaction of the work that it stands for; the row lock makes a second mover wait, and then miss.
-- Half of each page stays free, so that a move finds room beside the old row and touches no index.
create table ${schema}.checkpoints (
    position   bigint not null,
    updated_at timestamptz not null default now(),
    name       text collate "C" not null,
    constraint checkpoints_name primary key (name),
    constraint checkpoints_position_starts_at_0 check (position >= 0)
) with (fillfactor = 50);

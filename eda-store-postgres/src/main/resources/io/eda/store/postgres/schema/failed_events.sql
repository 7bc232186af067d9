-- Events that a follower could not handle, by position; their data stay in the events. Invariant: whoever parks behind an
-- aggregate's events, replays or drops them holds the advisory lock of that aggregate until its transaction ends.
create table ${schema}.failed_events (
    position       bigint not null,
    failed_at      timestamptz not null default now(),
    attempts       integer not null,
    is_parked      boolean not null,
    name           text collate "C" not null,
    aggregate_type text collate "C" not null,
    aggregate_id   text collate "C" not null,
    error          text not null,
    constraint failed_events_name_position primary key (name, position)
);

create index failed_events_parked on ${schema}.failed_events (name, aggregate_id, aggregate_type, position) where is_parked;

-- Which events each group has handled. Invariants: every delivery of an event meets the same partition, that of the day of
-- the event's own timestamp, so that the primary key sees them all; and rows leave by whole partitions, so nothing bloats.
-- Days without a partition, such as those of a replayed history, stand in the default one.
create table ${schema}.inbox (
    handled_at     timestamptz not null default now(),
    event_id       uuid not null,
    event_day      date not null,
    consumer_group text collate "C" not null,
    constraint inbox_event primary key (event_id, consumer_group, event_day)
) partition by range (event_day);

create table ${schema}.inbox_other_days partition of ${schema}.inbox default;

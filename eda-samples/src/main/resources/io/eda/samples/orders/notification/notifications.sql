-- What customers are told. Invariant: one row for each event, because handlers may see an event twice.
create table if not exists notifications (
    event_id uuid primary key,
    order_id text not null,
    customer text not null,
    text     text not null
);
create index if not exists notifications_by_order on notifications (order_id);

-- One row an order, as lists and pages show it. Invariant: equal to a fold of the order's events.
create table if not exists order_views (
    order_id       text primary key,
    customer       text not null,
    status         text not null,     -- created, reserved, paid, shipped, cancelled
    payment        text not null,     -- open, charged, failed
    total_cents    bigint not null,
    items          jsonb not null,    -- [{"sku": …, "quantity": …, "unitPriceCents": …}]
    reserved_items int not null,
    card           text,              -- null: the order waits until the customer pays
    note           text not null,     -- the parcel, or why it was cancelled
    placed_at      timestamptz not null,
    changed_at     timestamptz not null
);
create index if not exists order_views_by_status on order_views (status, placed_at);

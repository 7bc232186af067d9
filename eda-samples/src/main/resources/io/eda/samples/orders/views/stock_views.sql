-- One row a product. Invariant: available + held = what was stocked.
create table if not exists stock_views (
    sku       text primary key,
    available bigint not null,
    held      bigint not null
);

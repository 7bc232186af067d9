-- Which files of this folder have been applied. Invariant: a file is applied once, in the transaction that writes its
-- name here, under the advisory lock of the schema.
create table ${schema}.schema_steps (
    name       text collate "C" not null,
    applied_at timestamptz not null default now(),
    constraint schema_steps_name primary key (name)
);

-- What people asked for because an event could not be handled: a row for each replay and each drop, none for an event that
-- went its way. Rows are inserted and never changed. Invariant: a row is there before what it tells was begun.
create table ${schema}.interventions (
    asked_at timestamptz not null,
    event_id uuid not null,
    action   text collate "C" not null,
    site     text collate "C" not null,
    name     text collate "C" not null
);

create index interventions_event on ${schema}.interventions (event_id, asked_at);

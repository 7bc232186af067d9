-- Finds an event by its id, and the next stretch that holds a type, at next to no cost for an append: one small entry for
-- 64 pages, made by (auto)vacuum behind the writers. Ids are UUIDs in the order of time, so an id lies in one or two
-- stretches; a few random ones in between do no harm, many make their look-up read the whole table.
-- Invariant: nothing relies on this index but speed.
create index events_id_and_type on ${schema}.events
    using brin (event_id uuid_minmax_multi_ops, event_type text_bloom_ops)
    with (pages_per_range = 64, autosummarize = on);

-- Where the next event of some types stands within a stretch, over any number of others. "offset 0" keeps the planner from
-- walking the primary key, which it would do for types that statistics call frequent and that do not come any more.
select min(t.position)
from (
    select e.position
    from ${schema}.events e
    where e.position > ? and e.position <= ? and e.event_type = any (?::text[])
    offset 0
) t;

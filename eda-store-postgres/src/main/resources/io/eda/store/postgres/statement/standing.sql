-- What stands at the versions that an append asked for, and the aggregate's version: answers a repetition, or names the
-- conflict.
select e.aggregate_version, e.event_id, e.position, (
    select l.aggregate_version
    from ${schema}.events l
    where l.aggregate_id = k.id and l.aggregate_type = k.type
    order by l.aggregate_version desc
    limit 1) as actual_version
from (select ?::text as type, ?::text as id) k
left join ${schema}.events e
    on e.aggregate_id = k.id and e.aggregate_type = k.type and e.aggregate_version between ? and ?
order by e.aggregate_version;

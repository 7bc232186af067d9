-- What must hold of the event table. The greatest position is that of the statement's snapshot and the sequence is read
-- as it is, later: a concurrent append cannot make it look behind.
select s.seqcache, s.seqincrement, s.seqcycle, a.attidentity = 'a',
    (select case when q.is_called then q.last_value else 0 end from ${schema}.events_position_seq q),
    (select coalesce(max(e.position), 0) from ${schema}.events e)
from pg_sequence s
cross join pg_attribute a
where s.seqrelid = '${schema}.events_position_seq'::regclass
    and a.attrelid = '${schema}.events'::regclass and a.attname = 'position';

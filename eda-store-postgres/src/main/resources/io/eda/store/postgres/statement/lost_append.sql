-- Where the last event of an append stands whose connection was lost. Invariant: it is asked behind lost_session.sql, in a
-- transaction of its own. A session that has ended before this one begins cannot commit any more, and what it committed is
-- seen; in one transaction with the question before, REPEATABLE READ would show the table as it was before the commit.
select e.aggregate_version, e.position
from ${schema}.events e
where e.aggregate_type = ? and e.aggregate_id = ? and e.event_id = ?

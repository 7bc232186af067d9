-- Forgets one failed event.
delete from ${schema}.failed_events where name = ? and position = ?;

-- Forgets all failed events of a name, whose read model is built again.
delete from ${schema}.failed_events where name = ?;

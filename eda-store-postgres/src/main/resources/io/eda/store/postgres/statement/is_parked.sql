-- Whether a message is parked already, because its delivery came again.
select 1 from ${schema}.parked_messages m where m.key_number = ? and m.id = ?

-- Forgets a message.
delete from ${schema}.parked_messages where key_number = ? and id = ?

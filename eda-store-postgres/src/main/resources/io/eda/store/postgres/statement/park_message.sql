-- Parks a message as the last of its key, whose row is locked.
insert into ${schema}.parked_messages (key_number, id, topic, type, key, header_names, header_values, body)
values (?, ?, ?, ?, ?, ?, ?, ?)

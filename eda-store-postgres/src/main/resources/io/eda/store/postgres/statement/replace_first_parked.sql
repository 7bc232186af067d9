-- Puts another message in the place of a key's first one.
update ${schema}.parked_messages m
set id = ?, topic = ?, type = ?, key = ?, header_names = ?, header_values = ?, body = ?
where m.key_number = ? and m.number = (
    select min(f.number) from ${schema}.parked_messages f where f.key_number = m.key_number)

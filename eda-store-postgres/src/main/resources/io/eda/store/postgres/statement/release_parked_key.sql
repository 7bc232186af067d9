-- Lets the members of its group replay a key.
update ${schema}.parked_keys set is_released = true where consumer_group = ? and topic = ? and key = ?

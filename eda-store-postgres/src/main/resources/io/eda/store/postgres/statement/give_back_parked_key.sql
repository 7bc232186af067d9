-- Takes a key from its owner; it stays released where nothing new has failed.
update ${schema}.parked_keys
set owner = null, held_until = null, is_released = is_released and not ?
where number = ?

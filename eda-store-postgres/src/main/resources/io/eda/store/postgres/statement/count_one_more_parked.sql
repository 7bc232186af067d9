-- Counts a message that was parked.
update ${schema}.parked_keys set messages = messages + 1 where number = ?

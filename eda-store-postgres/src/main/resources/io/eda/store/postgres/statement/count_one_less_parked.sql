-- Counts a message that was forgotten; where it was not the last one, its key keeps its row.
update ${schema}.parked_keys set messages = messages - 1 where number = ?

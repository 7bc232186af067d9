-- Ends a key, whose last message was forgotten in this transaction.
delete from ${schema}.parked_keys where number = ?

-- The messages of a key in their order.
select m.id, m.topic, m.type, m.key, m.header_names, m.header_values, m.body
from ${schema}.parked_messages m
join ${schema}.parked_keys k on k.number = m.key_number
where k.consumer_group = ? and k.topic = ? and k.key = ?
order by m.number
limit ?

-- Which of these keys are parked: one question for a whole batch.
select k.consumer_group, k.topic, k.key
from unnest(?::text[], ?::text[], ?::text[]) asked (consumer_group, topic, key)
join ${schema}.parked_keys k using (consumer_group, topic, key)

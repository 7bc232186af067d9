-- Notes an event that could not be handled.
insert into ${schema}.failed_events (name, position, aggregate_type, aggregate_id, is_parked, attempts, error)
values (?, ?, ?, ?, ?, ?, ?)
on conflict (name, position) do update
set attempts = excluded.attempts, error = excluded.error, is_parked = excluded.is_parked, failed_at = now();

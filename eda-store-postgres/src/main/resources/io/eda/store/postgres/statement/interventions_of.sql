-- What was asked for because of some events, in the order of time.
select event_id, action, site, name, asked_at from ${schema}.interventions
where event_id = any (?::uuid[]) order by asked_at limit ?;

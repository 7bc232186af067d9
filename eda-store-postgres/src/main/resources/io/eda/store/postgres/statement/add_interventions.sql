-- Notes what somebody asked for: one statement, so all of it or nothing.
insert into ${schema}.interventions (asked_at, event_id, action, site, name)
select * from unnest(?::timestamptz[], ?::uuid[], ?::text[], ?::text[], ?::text[]);

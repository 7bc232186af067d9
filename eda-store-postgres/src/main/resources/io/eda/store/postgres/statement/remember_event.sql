-- Says by its count whether the event is new to the group. A delivery that comes while another one's transaction is open
-- waits here, and finds the event handled when that one commits, or new when it rolls back.
insert into ${schema}.inbox (event_id, consumer_group, event_day) values (?, ?, ?) on conflict do nothing;

-- One work at a time about the parked events of one aggregate.
select pg_advisory_xact_lock(hashtextextended(?, 2));

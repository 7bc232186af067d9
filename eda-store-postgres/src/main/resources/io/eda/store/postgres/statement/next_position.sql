-- Where the next event stands, over holes of any size.
select min(e.position) from ${schema}.events e where e.position > ?;

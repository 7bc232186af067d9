-- For people in psql: the events with their data as JSON. What is no JSON is shown as text in base64, and never fails the
-- query. Nothing reads it but people; it writes nothing and costs an append nothing.
create function ${schema}.eda_readable(data bytea) returns json
    language plpgsql immutable parallel safe strict
as $$
begin
    return convert_from(data, 'UTF8')::json;
exception when others then
    return to_json(encode(data, 'base64'));
end
$$;

create view ${schema}.eda_events_readable as
select e.position, e.aggregate_type || '/' || e.aggregate_id as aggregate, e.aggregate_version, e.event_type,
    e.schema_version, e.occurred_at, ${schema}.eda_readable(e.data) as data, e.correlation_id, e.causation_id, e.event_id,
    e.metadata
from ${schema}.events e;

package io.eda.benchmarks.postgres;

import io.eda.event.AggregateId;
import io.eda.store.EventStorage;
import io.eda.store.postgres.PostgresEventStorage;
import javax.sql.DataSource;

/** The event table of eda-store-postgres, for those who go to it without its code. */
final class EventsTable {

    static final String NAME = "eda.events";

    /** What an insert gives, in this order; {@code position} comes from the table. */
    static final String WRITTEN =
            "aggregate_type, aggregate_id, aggregate_version, event_id, event_type, schema_version,"
                    + " occurred_at, correlation_id, causation_id, data";

    /** What a reader needs to make an event again, in the order in which {@code EventRow} reads it. */
    static final String READ = "position, aggregate_version, occurred_at, schema_version, event_id, aggregate_type,"
            + " aggregate_id, event_type, correlation_id, causation_id, metadata, data";

    private EventsTable() {}

    /** Opens the storage, which makes the table where it is missing. */
    static EventStorage storage(Connections connections, DataSource dataSource) {
        PostgresEventStorage storage = PostgresEventStorage.create(dataSource);
        connections.closeLater(storage);
        return storage;
    }

    /** Makes the table and leaves it to others. */
    static void create(Connections connections) {
        storage(connections, connections.pool(1, true));
    }

    static AggregateId aggregate(String id) {
        return AggregateId.of(SampleEvents.AGGREGATE_TYPE, id);
    }
}

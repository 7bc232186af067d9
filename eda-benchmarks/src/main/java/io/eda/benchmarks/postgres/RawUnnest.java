package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The limit: what the driver and the server can store when somebody has all events at hand. Each caller sends
 * {@value #ROWS} rows a transaction and waits for nobody's answer but the server's.
 */
final class RawUnnest implements AppendSystem {

    private static final int ROWS = 500;

    private final String name;

    RawUnnest(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String settings() {
        return "pgjdbc, a connection a caller, " + ROWS
                + " rows a transaction into eda.events by one INSERT … SELECT FROM"
                + " unnest, no version check, data bytea; its latency is that of " + ROWS + " rows";
    }

    @Override
    public String payloadColumn() {
        return EventsTable.NAME + ".data";
    }

    @Override
    public Callers open(Connections connections, int eventsPerAppend) {
        EventsTable.create(connections);
        return () -> caller(connections.connect(), eventsPerAppend);
    }

    private static Operation caller(Connection connection, int eventsPerAppend) throws SQLException {
        UnnestBatch batch = new UnnestBatch(connection, ROWS);
        return watch -> {
            while (!batch.isFull()) {
                String aggregateId = batch.newId();
                String commandId = batch.newId();
                for (int version = 1; version <= eventsPerAppend; version++) {
                    batch.add(aggregateId, version, commandId);
                }
            }
            batch.send();
            return ROWS;
        };
    }
}

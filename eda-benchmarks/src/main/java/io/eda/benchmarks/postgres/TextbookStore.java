package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The event store that one writes first: a transaction that asks for the version, inserts, and commits. */
final class TextbookStore implements AppendSystem {

    private static final int CONNECTIONS = 64;

    private static final String TABLE =
            """
            create table textbook_events (
                global_position bigserial primary key,
                event_id uuid not null,
                aggregate_id text not null,
                version bigint not null,
                event_type text not null,
                data bytea not null,
                created_at timestamptz not null default now(),
                unique (aggregate_id, version)
            )""";

    private static final String VERSION =
            "select coalesce(max(version), 0) from textbook_events where aggregate_id = ?";

    private static final String INSERT =
            """
            insert into textbook_events (event_id, aggregate_id, version, event_type, data) values (?, ?, ?, ?, ?)""";

    @Override
    public String name() {
        return "textbook";
    }

    @Override
    public String settings() {
        return "hand-written: begin, select max(version), insert (a JDBC batch for several), commit; READ COMMITTED, pool"
                + " of " + CONNECTIONS + ", bigserial key and unique (aggregate_id, version), data bytea";
    }

    @Override
    public String payloadColumn() {
        return "textbook_events.data";
    }

    @Override
    public Callers open(Connections connections, int eventsPerAppend) throws SQLException {
        connections.execute(TABLE);
        DataSource pool = connections.pool(CONNECTIONS, false);
        return () -> caller(pool, eventsPerAppend);
    }

    private static Operation caller(DataSource pool, int eventsPerAppend) {
        SampleEvents sample = new SampleEvents();
        return watch -> {
            String aggregateId = sample.id().toString();
            try (Connection connection = pool.getConnection()) {
                long version = version(connection, aggregateId);
                if (version != 0) {
                    throw new IllegalStateException("A new aggregate is at version " + version);
                }
                insert(connection, sample, aggregateId, eventsPerAppend);
                connection.commit();
            }
            return eventsPerAppend;
        };
    }

    private static long version(Connection connection, String aggregateId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(VERSION)) {
            select.setString(1, aggregateId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void insert(Connection connection, SampleEvents sample, String aggregateId, int events)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int version = 1; version <= events; version++) {
                insert.setObject(1, sample.id());
                insert.setString(2, aggregateId);
                insert.setLong(3, version);
                insert.setString(4, SampleEvents.EVENT_TYPE);
                insert.setBytes(5, sample.payload());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}

package io.eda.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Another program that writes into the event table, in a transaction that it ends when it likes. */
final class RawWriter implements AutoCloseable {

    static final String COLUMNS =
            "(aggregate_type, aggregate_id, aggregate_version, event_id, event_type, schema_version,"
                    + " occurred_at, correlation_id, causation_id, data)";

    private final Connection connection;
    private final String table;

    RawWriter(DataSource dataSource, PostgresOptions options) throws SQLException {
        this.connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        this.table = '"' + options.schema() + "\".events";
    }

    Connection connection() {
        return connection;
    }

    /** Inserts events with the versions {@code from} to {@code to}, and returns the position of the last. */
    long insert(String aggregateId, long from, long to) throws SQLException {
        String sql = "insert into " + table + " " + COLUMNS
                + " select 'order', ?, v, gen_random_uuid(), 'thing.happened', 1,"
                + " now(), 'c', 'c', '\\x00' from generate_series(?::int8, ?::int8) v order by v returning position";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, aggregateId);
            statement.setLong(2, from);
            statement.setLong(3, to);
            long last = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    last = rows.getLong(1);
                }
            }
            return last;
        }
    }

    /** Returns the version of an aggregate that nobody else writes. */
    long version(String aggregateId) throws SQLException {
        String sql = "select coalesce(max(aggregate_version), 0) from " + table
                + " where aggregate_id = ? and aggregate_type = 'order'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, aggregateId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    int pid() throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    void commit() throws SQLException {
        connection.commit();
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}

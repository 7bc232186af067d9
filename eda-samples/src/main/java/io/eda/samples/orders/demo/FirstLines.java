package io.eda.samples.orders.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Remembers in which line of a file each order id stood first: in a table, so that a file may be larger than memory. */
final class FirstLines implements AutoCloseable {

    private final Connection connection;
    private final PreparedStatement remember;
    private final PreparedStatement recall;

    private FirstLines(Connection connection) throws SQLException {
        this.connection = connection;
        this.remember = connection.prepareStatement("insert into first_lines values (?, ?) on conflict do nothing");
        this.recall = connection.prepareStatement("select line from first_lines where order_id = ?");
    }

    static FirstLines open(DataSource dataSource) throws SQLException {
        Connection connection = dataSource.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("create temporary table first_lines (order_id text primary key, line bigint not null)");
        }
        return new FirstLines(connection);
    }

    /** Returns the line in which the id stood first: {@code line}, where it stands there. */
    long of(String orderId, long line) throws SQLException {
        remember.setString(1, orderId);
        remember.setLong(2, line);
        if (remember.executeUpdate() == 1) {
            return line;
        }
        recall.setString(1, orderId);
        try (ResultSet found = recall.executeQuery()) {
            found.next();
            return found.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.execute("drop table first_lines");
        }
    }
}

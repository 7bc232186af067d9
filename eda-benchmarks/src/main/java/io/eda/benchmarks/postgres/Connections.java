package io.eda.benchmarks.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;

/** Every connection that one session makes to a database; closing it closes them, the last first. */
final class Connections implements AutoCloseable {

    private final String url;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Connections(String url) {
        this.url = url;
    }

    /** Returns the address, for whoever makes connections of its own. */
    String url() {
        return url;
    }

    /** Opens a pool of a fixed size. */
    HikariDataSource pool(int size, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(size);
        config.setAutoCommit(autoCommit);
        HikariDataSource pool = new HikariDataSource(config);
        opened.push(pool);
        return pool;
    }

    /** Opens a connection, with autocommit on. */
    Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        opened.push(connection);
        return connection;
    }

    /**
     * Opens a connection that gets its rows in binary form from the first one on. By default the driver asks for it from the sixth
     * run of a statement on: a cursor over everything would read text all the time, at twice the bytes.
     */
    Connection connectForBinary() throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("prepareThreshold", "-1");
        Connection connection = DriverManager.getConnection(url, settings);
        opened.push(connection);
        return connection;
    }

    /** Has {@code resource} closed before whatever was there when it came. */
    void closeLater(AutoCloseable resource) {
        opened.push(resource);
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns the first column of the first row that {@code sql} gives. */
    String ask(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}

package io.eda.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.store.EventStorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user's connections, borrowed for one task each, and given back as they came: with autocommit on, and with a limit to
 * how long a silent server is waited for.
 */
final class Connections {

    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    // How long after its cancellation a statement may go on before its connection is given up.
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final DataSource dataSource;
    private final int timeoutSeconds;

    private volatile boolean shareSessions;

    Connections(DataSource dataSource, Duration statementTimeout) {
        this.dataSource = dataSource;
        this.timeoutSeconds = Math.toIntExact(statementTimeout.toSeconds());
    }

    /**
     * Returns whether the pool, where it tells its size, has at least {@code needed} connections, so that one of them can be
     * held for long.
     */
    boolean haveAtLeast(int needed) {
        try {
            return !dataSource.isWrapperFor(HikariDataSource.class)
                    || dataSource.unwrap(HikariDataSource.class).getMaximumPoolSize() >= needed;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Returns whether sessions of the server are shared by many clients: nothing that belongs to a session lasts. */
    boolean shareSessions() {
        return shareSessions;
    }

    /**
     * Finds out whether a proxy stands in between that may give every transaction another session, such as PgBouncer: it
     * cannot tell the driver which process it will speak to, so what it tells is not the process that answers. From then on
     * nothing is done that needs a session to last: statements are not prepared on the server, nobody listens, and a lost
     * session is not looked for by its process.
     */
    void lookForProxy() {
        call("Looking for a proxy in front of the server", session -> {
            int told = session.pid();
            try (PreparedStatement statement = session.connection().prepareStatement("select pg_backend_pid()");
                    ResultSet row = statement.executeQuery()) {
                row.next();
                if (told != LostAnswer.NO_PID && row.getInt(1) != told && !shareSessions) {
                    shareSessions = true;
                    log.atWarn()
                            .addKeyValue("pid", row.getInt(1))
                            .log(
                                    "A proxy stands in front of PostgreSQL: the driver was told of process {}, and {} answers. It"
                                            + " may pool transactions, so statements are not prepared on the server, and other"
                                            + " processes' events are found by polling. A direct connection is faster.",
                                    told,
                                    row.getInt(1));
                }
            }
            return shareSessions;
        });
    }

    /** Borrows one; the caller closes it. */
    Session open() throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            return open(connection);
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    private Session open(Connection connection) throws SQLException {
        // Switching it on here would commit whatever a transaction-aware DataSource has under way.
        if (!connection.getAutoCommit()) {
            throw new EventStorageException(
                    "The DataSource hands out connections with autocommit off, or in the middle of"
                            + " a transaction. An append must commit by itself: hand over a DataSource of its own, with autocommit"
                            + " on and without a transaction-aware proxy.");
        }
        if (shareSessions && connection.isWrapperFor(PGConnection.class)) {
            // A prepared statement stays in the session that prepared it, and the next transaction may get another.
            connection.unwrap(PGConnection.class).setPrepareThreshold(0);
        }
        int before = connection.getNetworkTimeout();
        connection.setNetworkTimeout(
                Runnable::run,
                Math.toIntExact(Duration.ofSeconds(timeoutSeconds).plus(GRACE).toMillis()));
        return new Session(connection, before, timeoutSeconds, !shareSessions);
    }

    /** Does {@code task} on a borrowed connection; {@code attempt} begins the message of its failure. */
    <T> T call(String attempt, Task<T> task) {
        try (Session session = open()) {
            return task.run(session);
        } catch (SQLException e) {
            throw failure(attempt, e);
        }
    }

    /** Returns the error that says what was attempted, what the server answered, and what to do. */
    static EventStorageException failure(String attempt, SQLException e) {
        return new EventStorageException(
                attempt + " failed: " + e.getMessage() + " [" + e.getSQLState() + "]. "
                        + advice(e.getSQLState() == null ? "" : e.getSQLState()),
                e);
    }

    private static String advice(String state) {
        if (state.equals("57014")) {
            return "It took longer than the statement timeout: look in pg_stat_activity for what it waited for.";
        }
        if (state.equals("42P01") || state.equals("3F000")) {
            return "The tables are not there (any more): were they dropped, or is this another database?";
        }
        if (state.equals("42501")) {
            return "Grant this role what it needs of this table: docs/operations.md lists the rights of each part.";
        }
        if (state.startsWith("53")) {
            return "The server is out of connections, memory or disk space.";
        }
        return state.isEmpty() || state.startsWith("08") || state.startsWith("57P")
                ? "Is the server up and reachable? It may be tried again."
                : "Nothing has changed: look for the code in brackets in PostgreSQL's list of error codes.";
    }

    /** What is done on one connection. */
    interface Task<T> {
        T run(Session session) throws SQLException;
    }

    /**
     * A borrowed connection.
     *
     * @param connection it
     * @param networkTimeoutBefore milliseconds, to be restored
     * @param timeoutSeconds how long a statement may run
     * @param isDirect whether it keeps one session of the server, as far as is known
     */
    record Session(Connection connection, int networkTimeoutBefore, int timeoutSeconds, boolean isDirect)
            implements AutoCloseable {

        /** Returns the number of the server's process, or {@link LostAnswer#NO_PID} where the driver cannot tell. */
        int pid() throws SQLException {
            return isDirect && connection.isWrapperFor(PGConnection.class)
                    ? connection.unwrap(PGConnection.class).getBackendPID()
                    : LostAnswer.NO_PID;
        }

        PreparedStatement prepare(String sql) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            statement.setQueryTimeout(timeoutSeconds);
            return statement;
        }

        // What was done has been answered by now: a connection that cannot be given back is the pool's affair, and
        // must not make a stored event look like a failure.
        @Override
        public void close() {
            try (connection) {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, networkTimeoutBefore);
                }
            } catch (SQLException e) {
                log.debug("A connection could not be given back as it came", e);
            }
        }
    }
}

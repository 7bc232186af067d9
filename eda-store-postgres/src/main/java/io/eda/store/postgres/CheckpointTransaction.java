package io.eda.store.postgres;

import io.eda.projection.CheckpointStore.Work;
import io.eda.store.EventStorageException;
import io.eda.store.postgres.Connections.Session;
import io.eda.store.postgres.Connections.Task;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** A transaction on a borrowed connection: what was not committed by the end is rolled back. */
final class CheckpointTransaction implements AutoCloseable {

    private final Session session;
    private final String attempt;
    private boolean isCommitted;

    private CheckpointTransaction(Session session, String attempt) {
        this.session = session;
        this.attempt = attempt;
    }

    static CheckpointTransaction begin(Connections connections, String attempt) {
        try {
            Session session = connections.open();
            try {
                session.connection().setAutoCommit(false);
                return new CheckpointTransaction(session, attempt);
            } catch (SQLException e) {
                session.close();
                throw e;
            }
        } catch (SQLException e) {
            throw Connections.failure(attempt, e);
        }
    }

    /**
     * Does the work on the connection as its owner set it up, because how long a work's statements may take is not ours to
     * limit; then sends what it has collected.
     */
    void work(Work<PostgresContext> work) throws Exception {
        run(ours -> {
            ours.connection().setNetworkTimeout(Runnable::run, ours.networkTimeoutBefore());
            return ours;
        });
        PostgresContext context = new PostgresContext(connection());
        work.run(context);
        context.flush();
    }

    private Connection connection() {
        return session.connection();
    }

    /** Does a step of our own, whose errors are ours to explain. */
    <T> T run(Task<T> step) {
        try {
            return step.run(session);
        } catch (SQLException e) {
            throw Connections.failure(attempt, e);
        }
    }

    void commit() {
        try {
            // PostgreSQL answers the COMMIT of a failed transaction with a rollback, which the driver takes for
            // success: the runner would go on as if its work had been stored.
            if (hasFailed()) {
                throw new EventStorageException(
                        attempt + " was given up: a statement of the work failed, and the work went"
                                + " on as if it had not, but PostgreSQL commits nothing of such a transaction. Let the error out of"
                                + " the work, or guard the statement by a savepoint.");
            }
            connection().commit();
            isCommitted = true;
        } catch (SQLException e) {
            throw Connections.failure(attempt, e);
        }
    }

    private boolean hasFailed() throws SQLException {
        return connection().isWrapperFor(BaseConnection.class)
                && connection().unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED;
    }

    @Override
    public void close() throws SQLException {
        try (session) {
            if (connection().isClosed()) {
                // The server rolls back what was on a broken connection.
                return;
            }
            if (!isCommitted) {
                connection().rollback();
            }
            connection().setAutoCommit(true);
        }
    }
}

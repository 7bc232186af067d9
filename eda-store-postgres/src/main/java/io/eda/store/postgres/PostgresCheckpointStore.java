package io.eda.store.postgres;

import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointStore;
import io.eda.store.postgres.Connections.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Checkpoints in one PostgreSQL table, in the database of the read models.
 *
 * <ul>
 *   <li><b>With its work</b>: the work gets the open transaction that moves the checkpoint. Both are committed, or neither:
 *       every event has taken effect exactly once.
 *   <li><b>Fenced before the work</b>: the checkpoint is moved first, so that of two runners the second waits for the first
 *       and is refused, before its work has begun.
 * </ul>
 *
 * <p>The work must not end the transaction; the connection it gets refuses to. How long its statements may take is up to it;
 * a second runner waits for the first up to the statement timeout. Wants a {@code DataSource} with autocommit
 * on, and holds nothing between calls. Thread-safe.
 */
public final class PostgresCheckpointStore implements CheckpointStore<Connection> {

    private final Connections connections;
    private final String moveSql;
    private final String beginSql;
    private final String resetSql;
    private final String readSql;

    private PostgresCheckpointStore(Connections connections, String schema) {
        this.connections = connections;
        this.moveSql = SqlFile.read("statement/move_checkpoint.sql", schema);
        this.beginSql = SqlFile.read("statement/begin_checkpoint.sql", schema);
        this.resetSql = SqlFile.read("statement/reset_checkpoint.sql", schema);
        this.readSql = SqlFile.read("statement/read_checkpoint.sql", schema);
    }

    /** Opens the store with the defaults. */
    public static PostgresCheckpointStore create(DataSource dataSource) {
        return create(dataSource, PostgresOptions.defaults());
    }

    /**
     * Opens the store; creates its table where it is missing, which any number of processes may do at once.
     *
     * @throws io.eda.store.EventStorageException if the server cannot be reached or is not fit: the message says what to
     *     change
     */
    public static PostgresCheckpointStore create(DataSource dataSource, PostgresOptions options) {
        Connections connections = new Connections(dataSource, options.statementTimeout());
        new EventSchema(connections, options).install(EventSchema.CHECKPOINTS);
        return new PostgresCheckpointStore(connections, options.schema());
    }

    @Override
    public long position(String name) {
        return connections.call("Reading the checkpoint of '" + name + "'", session -> read(session, name));
    }

    @Override
    public void advance(String name, long from, long to, Work<Connection> work) throws Exception {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("The checkpoint of '" + name + "' cannot move from " + from + " to " + to
                    + ": it goes forward from 0 on; to go back, use reset");
        }
        try (CheckpointTransaction transaction =
                CheckpointTransaction.begin(connections, "Moving the checkpoint of '" + name + "'")) {
            transaction.run(session -> move(session, name, from, to));
            work.run(WorkConnection.of(transaction.connectionForWork()));
            transaction.commit();
        }
    }

    @Override
    public void reset(String name, long position, Work<Connection> work) throws Exception {
        if (position < 0) {
            throw new IllegalArgumentException(
                    "The checkpoint of '" + name + "' cannot be put to " + position + ": positions start at 0");
        }
        try (CheckpointTransaction transaction =
                CheckpointTransaction.begin(connections, "Putting back the checkpoint of '" + name + "'")) {
            transaction.run(session -> put(session, resetSql, name, position));
            work.run(WorkConnection.of(transaction.connectionForWork()));
            transaction.commit();
        }
    }

    private int move(Session session, String name, long from, long to) throws SQLException {
        try {
            int moved = update(session, name, from, to);
            if (moved == 0 && from == 0) {
                moved = put(session, beginSql, name, to);
            }
            if (moved == 1) {
                return moved;
            }
        } catch (SQLException e) {
            if (!SqlFailure.isSerializationFailure(e)) {
                throw e;
            }
            // Above READ COMMITTED, this is how the server says that another mover was first.
            session.connection().rollback();
        }
        throw new CheckpointConflictException(name, from, read(session, name));
    }

    private int update(Session session, String name, long from, long to) throws SQLException {
        try (PreparedStatement statement = session.prepare(moveSql)) {
            statement.setLong(1, to);
            statement.setString(2, name);
            statement.setLong(3, from);
            return statement.executeUpdate();
        }
    }

    private static int put(Session session, String sql, String name, long position) throws SQLException {
        try (PreparedStatement statement = session.prepare(sql)) {
            statement.setString(1, name);
            statement.setLong(2, position);
            return statement.executeUpdate();
        }
    }

    private long read(Session session, String name) throws SQLException {
        try (PreparedStatement statement = session.prepare(readSql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }
}

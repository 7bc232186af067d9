package io.eda.store.postgres;

import io.eda.intervention.Interventions;
import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointMove;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FailedEvents;
import io.eda.projection.LeaseLostException;
import io.eda.projection.ShardLeases;
import io.eda.projection.ShardPosition;
import io.eda.store.postgres.Connections.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Checkpoints in one PostgreSQL table, in the database of the read models.
 *
 * <ul>
 *   <li><b>On the server's clock</b>: leases of shards begin and end by it. Whoever takes a lease that is over ends the
 *       session of a frozen owner that is still in the middle of its work, which takes the rights of the same role.
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
public final class PostgresCheckpointStore implements CheckpointStore<PostgresContext> {

    private final Connections connections;
    private final String moveSql;
    private final String beginSql;
    private final String resetSql;
    private final String readSql;
    private final String readShardSql;
    private final String listShardsSql;
    private final String schema;
    private final PostgresShardLeases leases;
    private final PostgresFailedEvents failedEvents;
    private final PostgresInterventions interventions;

    private PostgresCheckpointStore(Connections connections, String schema) {
        this.connections = connections;
        this.schema = schema;
        this.leases = new PostgresShardLeases(connections, schema);
        this.failedEvents = new PostgresFailedEvents(connections, schema);
        this.interventions = new PostgresInterventions(connections, schema);
        this.listShardsSql = SqlFile.read("statement/list_shards.sql", schema);
        this.readShardSql = SqlFile.read("statement/read_shard.sql", schema);
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
    public void advance(CheckpointMove move, Work<PostgresContext> work) throws Exception {
        try (CheckpointTransaction transaction =
                CheckpointTransaction.begin(connections, "Moving the checkpoint of '" + move.name() + "'")) {
            transaction.run(session -> move(session, move));
            transaction.work(work);
            transaction.commit();
        }
    }

    @Override
    public void reset(String name, long position, Work<PostgresContext> work) throws Exception {
        if (position < 0) {
            throw new IllegalArgumentException(
                    "The checkpoint of '" + name + "' cannot be put to " + position + ": positions start at 0");
        }
        try (CheckpointTransaction transaction =
                CheckpointTransaction.begin(connections, "Putting back the checkpoint of '" + name + "'")) {
            transaction.run(session -> begin(session, name, position) + put(session, position, name));
            transaction.work(work);
            transaction.commit();
        }
    }

    @Override
    public void run(Work<PostgresContext> work) throws Exception {
        try (CheckpointTransaction transaction = CheckpointTransaction.begin(connections, "Work beside a checkpoint")) {
            transaction.work(work);
            transaction.commit();
        }
    }

    @Override
    public ShardLeases leases() {
        return leases;
    }

    @Override
    public FailedEvents<PostgresContext> failedEvents() {
        return failedEvents;
    }

    @Override
    public List<ShardPosition> shards(String name) {
        return connections.call("Reading the checkpoint of '" + name + "'", session -> {
            try (PreparedStatement statement = session.prepare(listShardsSql)) {
                statement.setString(1, name);
                return ShardRow.all(statement).stream().map(ShardRow::position).toList();
            }
        });
    }

    @Override
    public Interventions interventions() {
        return interventions;
    }

    @Override
    public boolean undoesFailedWork() {
        return true;
    }

    @Override
    public boolean isOutage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && SqlFailure.isOutage(e)) {
                return true;
            }
        }
        return false;
    }

    private int move(Session session, CheckpointMove move) throws SQLException {
        try {
            int moved = update(session, move);
            if (moved == 0 && move.from() == 0 && move.epoch() == 0 && move.shard() == 0) {
                moved = begin(session, move.name(), move.to());
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
        throw refusal(session, move);
    }

    private RuntimeException refusal(Session session, CheckpointMove move) throws SQLException {
        try (PreparedStatement statement = session.prepare(readShardSql)) {
            statement.setString(1, move.name());
            statement.setInt(2, move.shard());
            Optional<ShardRow> found = ShardRow.one(statement);
            long epoch = found.map(ShardRow::epoch).orElse(0L);
            return epoch != move.epoch()
                    ? new LeaseLostException(move.name(), move.shard(), move.epoch(), epoch)
                    : new CheckpointConflictException(
                            move.name(),
                            move.from(),
                            found.map(row -> row.position().position()).orElse(0L));
        }
    }

    private int update(Session session, CheckpointMove move) throws SQLException {
        try (PreparedStatement statement = session.prepare(moveSql)) {
            statement.setLong(1, move.to());
            statement.setString(2, PostgresShardLeases.workKey(schema, move.name(), move.shard()));
            statement.setString(3, move.name());
            statement.setInt(4, move.shard());
            statement.setLong(5, move.epoch());
            statement.setLong(6, move.from());
            return statement.executeUpdate();
        }
    }

    private int begin(Session session, String name, long position) throws SQLException {
        try (PreparedStatement statement = session.prepare(beginSql)) {
            statement.setString(1, name);
            statement.setLong(2, position);
            return statement.executeUpdate();
        }
    }

    private int put(Session session, long position, String name) throws SQLException {
        try (PreparedStatement statement = session.prepare(resetSql)) {
            statement.setLong(1, position);
            statement.setString(2, name);
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

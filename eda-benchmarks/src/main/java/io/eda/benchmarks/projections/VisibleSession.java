package io.eda.benchmarks.projections;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.event.AggregateId;
import io.eda.projection.ProjectionRunner;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresContext;
import io.eda.store.postgres.PostgresEventStorage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Commands at a fixed rate, each of which waits until its row is there. */
record VisibleSession(Operation operation, List<AutoCloseable> parts) implements Session {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 50_000;
    private static final String INSERT = "insert into eda.events (aggregate_type, aggregate_id, aggregate_version,"
            + " event_id, event_type, schema_version, occurred_at, correlation_id, causation_id, data)"
            + " values ('order', ?, 1, ?, '" + Stage.TYPE + "', 1, now(), 'c', 'c', ?) returning position";

    static VisibleSession byHand(Stage stage) throws Exception {
        stage.clear();
        HikariDataSource pool = stage.pool(10, true);
        HandWritten loop = new HandWritten(pool, 1_000);
        loop.startAt(stage.lastPosition());
        Thread thread = new Thread(loop::follow, "hand-written");
        thread.start();
        Operation operation = watch -> {
            long position = insert(pool);
            while (loop.position() < position) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            return 1;
        };
        return new VisibleSession(operation, List.of(() -> stop(thread), loop, pool));
    }

    private static long insert(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, UUID.randomUUID().toString());
            insert.setObject(2, UUID.randomUUID());
            insert.setBytes(3, OrderPlaced.encoded(7));
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void stop(Thread thread) throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    static VisibleSession eda(Stage stage) throws Exception {
        stage.clear();
        HikariDataSource pool = stage.pool(16, true);
        PostgresEventStorage storage = PostgresEventStorage.create(pool);
        EventStore store = new EventStore(storage, OrderPlaced.SERIALIZER);
        PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(pool);
        checkpoints.advance(CatchUpSession.TOTALS.name(), 0, stage.lastPosition(), context -> {});
        ProjectionRunner<PostgresContext> runner =
                ProjectionRunner.of(CatchUpSession.TOTALS, store, checkpoints).start();
        Operation operation = watch -> {
            long position = store.append(
                            AggregateId.of("order", UUID.randomUUID().toString()),
                            ExpectedVersion.noEvents(),
                            List.of(new OrderPlaced("c-1", 7, "x".repeat(200))))
                    .lastPosition();
            runner.awaitPosition(position, PATIENCE);
            return 1;
        };
        return new VisibleSession(operation, List.of(runner, storage, pool));
    }

    static VisibleSession axon(Stage stage, AxonProcessors.Tokens tokens) throws Exception {
        stage.clear();
        AxonProcessors axon = new AxonProcessors(stage.pool(24, false), tokens);
        axon.tracking();
        Operation operation = watch -> {
            String id = UUID.randomUUID().toString();
            axon.publish(id, OrderPlaced.encoded(7));
            axon.awaitRow(id, PATIENCE);
            return 1;
        };
        return new VisibleSession(operation, List.of(axon));
    }

    @Override
    public Operation caller(int index) {
        return operation;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable part : parts) {
            part.close();
        }
    }
}

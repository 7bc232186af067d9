package io.eda.benchmarks.projections;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.projection.FollowOptions;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresContext;
import io.eda.store.postgres.PostgresEventStorage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A projection that catches up; each call waits for the next thousand events. */
record CatchUpSession(Operation operation, List<AutoCloseable> parts) implements Session {

    static final Projection<PostgresContext> TOTALS = Projection.<PostgresContext>named("totals")
            .on(
                    OrderPlaced.class,
                    (event, context) -> context.execute(
                            Stage.UPSERT, event.aggregateId().id(), event.data().totalCents()))
            .build();

    private static final int STEP = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static CatchUpSession byHand(Stage stage) throws Exception {
        stage.clear();
        HikariDataSource pool = stage.pool(1, true);
        HandWritten loop = new HandWritten(pool, STEP);
        return new CatchUpSession(watch -> loop.next(), List.of(loop, pool));
    }

    static CatchUpSession eda(Stage stage) throws Exception {
        stage.clear();
        HikariDataSource pool = stage.pool(6, true);
        PostgresEventStorage storage = PostgresEventStorage.create(pool);
        ProjectionRunner<PostgresContext> runner = ProjectionRunner.of(
                        TOTALS,
                        new EventStore(storage, OrderPlaced.SERIALIZER),
                        PostgresCheckpointStore.create(pool),
                        FollowOptions.defaults().withPageSize(STEP))
                .start();
        long last = stage.lastPosition();
        long[] seen = {0};
        Operation operation = watch -> {
            long next = Math.min(seen[0] + STEP, last);
            runner.awaitPosition(next, PATIENCE);
            int passed = (int) (next - seen[0]);
            seen[0] = next;
            return passed;
        };
        return new CatchUpSession(operation, List.of(runner, storage, pool));
    }

    static CatchUpSession axon(Stage stage, int events, AxonProcessors.Tokens tokens) throws Exception {
        stage.clear();
        AxonProcessors axon = new AxonProcessors(stage.pool(12, false), tokens);
        stage.fillAxon(events);
        axon.pooled(500);
        long[] seen = {0};
        Operation operation = watch -> {
            long next = Math.min(seen[0] + STEP, events);
            while (axon.handled() < next) {
                LockSupport.parkNanos(200_000);
            }
            int passed = (int) (next - seen[0]);
            seen[0] = next;
            return passed;
        };
        return new CatchUpSession(operation, List.of(axon));
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

package io.eda.benchmarks.projections;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import io.eda.benchmarks.harness.Session;
import io.eda.event.AggregateId;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresContext;
import io.eda.store.postgres.PostgresEventStorage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What an event costs as more and more projections of one process pass it: each has a name, leases and a checkpoint of its own, and a
 * handler that writes nothing.
 */
public final class NamesGrowth {

    private static final int EVENTS = 100;
    private static final int CONNECTIONS = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final OrderPlaced PLACED = new OrderPlaced("c-1", 7, "x".repeat(200));

    private NamesGrowth() {}

    /** Measures with each of these numbers of projections, on a PostgreSQL of its own. */
    public static void run(Report report, List<Integer> counts) throws Exception {
        try (Stage stage = Stage.with(1)) {
            List<Contender> contenders = counts.stream()
                    .map(count -> new Contender(
                            String.format(Locale.ROOT, "%,d projections", count),
                            "appends " + EVENTS + " events at once, and waits until every projection has passed them",
                            1,
                            () -> Passing.open(stage, count)))
                    .toList();
            report.compare(new Scenario(
                    EVENTS + " events appended and passed by all of N projections",
                    Pace.asFastAsPossible(),
                    contenders,
                    List.of(contenders.get(0).name()),
                    List.of()));
        }
    }

    private record Passing(EventStore store, List<ProjectionRunner<?>> runners, Deque<AutoCloseable> parts)
            implements Session {

        static Passing open(Stage stage, int count) throws Exception {
            stage.clear();
            HikariDataSource pool = stage.pool(CONNECTIONS, true);
            PostgresEventStorage storage = PostgresEventStorage.create(pool);
            EventStore store = new EventStore(storage, OrderPlaced.SERIALIZER);
            Passing passing = new Passing(store, new ArrayList<>(), new ArrayDeque<>(List.of(storage, pool)));
            PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(pool);
            long last = stage.lastPosition();
            for (int i = 0; i < count; i++) {
                Projection<PostgresContext> projection = Projection.<PostgresContext>named("p-" + i)
                        .on(OrderPlaced.class, (event, context) -> {})
                        .build();
                // What earlier rounds have appended is not theirs to pass.
                checkpoints.advance(projection.name(), 0, last, context -> {});
                ProjectionRunner<?> runner =
                        ProjectionRunner.of(projection, store, checkpoints).start();
                passing.runners.add(runner);
                passing.parts.push(runner);
            }
            passing.awaitAll(last);
            return passing;
        }

        @Override
        public Operation caller(int index) {
            return watch -> {
                awaitAll(store.append(
                                AggregateId.of("order", UUID.randomUUID().toString()),
                                ExpectedVersion.noEvents(),
                                Collections.nCopies(EVENTS, PLACED))
                        .lastPosition());
                return EVENTS;
            };
        }

        private void awaitAll(long position) throws InterruptedException {
            for (ProjectionRunner<?> runner : runners) {
                runner.awaitPosition(position, PATIENCE);
            }
        }

        @Override
        public void close() throws Exception {
            for (AutoCloseable part : parts) {
                part.close();
            }
        }
    }
}

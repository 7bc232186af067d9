package io.eda.benchmarks.projections;

import static io.eda.benchmarks.harness.Quantity.EVENTS_PER_SECOND;
import static io.eda.benchmarks.harness.Quantity.P50_MILLIS;
import static io.eda.benchmarks.harness.Quantity.P99_MILLIS;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import io.eda.benchmarks.projections.AxonProcessors.Tokens;
import java.util.List;

/** Projections into PostgreSQL: ours, by hand, and Axon's. */
public final class ProjectionBench {

    private static final String HAND = "hand-written";
    private static final String EDA = "eda";
    private static final String AXON_POOLED = "axon-4.13-pooled";
    private static final String AXON_TRACKING = "axon-4.13-tracking";
    private static final String IN_MEMORY = ", tokens in memory";
    private static final int COMMANDS_PER_SECOND = 200;
    private static final int CALLERS = 8;

    private ProjectionBench() {}

    /** Stores {@code events} events on a PostgreSQL of its own, and runs both scenarios. */
    public static void run(Report report, int events) throws Exception {
        try (Stage stage = Stage.with(events)) {
            report.line(stage.description());
            report.line(events + " events of " + Stage.AGGREGATES
                    + " aggregates, one upsert an event, JSON decoded by all");
            report.compare(catchUp(stage, events));
            report.compare(visible(stage));
        }
    }

    private static Scenario catchUp(Stage stage, int events) {
        return new Scenario(
                "catch-up, one upsert an event, latency of 1 000 events",
                Pace.asFastAsPossible(),
                List.of(
                        new Contender(
                                HAND,
                                "one connection, JDBC batches of 1 000, no guard at all",
                                1,
                                () -> CatchUpSession.byHand(stage)),
                        new Contender(
                                EDA,
                                "ProjectionRunner, pages of 1 000, PostgresContext.execute",
                                1,
                                () -> CatchUpSession.eda(stage)),
                        new Contender(
                                AXON_POOLED,
                                "PooledStreamingEventProcessor 4.13.0, batch 500, 4 threads, 16 segments, JdbcTokenStore",
                                1,
                                () -> CatchUpSession.axon(stage, events, Tokens.BESIDE_THE_ROWS)),
                        new Contender(
                                AXON_POOLED + IN_MEMORY,
                                "the same without a stored place",
                                1,
                                () -> CatchUpSession.axon(stage, events, Tokens.IN_MEMORY))),
                List.of(HAND, AXON_POOLED, AXON_POOLED + IN_MEMORY),
                List.of(
                        Goal.atLeast(0.8, EDA, EVENTS_PER_SECOND, HAND),
                        Goal.atLeast(4, EDA, EVENTS_PER_SECOND, AXON_POOLED)));
    }

    private static Scenario visible(Stage stage) {
        return new Scenario(
                "append, then the row visible, " + COMMANDS_PER_SECOND + " commands/s open loop",
                Pace.perSecond(COMMANDS_PER_SECOND),
                List.of(
                        new Contender(
                                HAND,
                                "insert; a loop that polls every 0.2 ms",
                                CALLERS,
                                () -> VisibleSession.byHand(stage)),
                        new Contender(
                                EDA,
                                "EventStore.append; ProjectionRunner.awaitPosition",
                                CALLERS,
                                () -> VisibleSession.eda(stage)),
                        new Contender(
                                AXON_TRACKING,
                                "EventStore.publish; TrackingEventProcessor 4.13.0, one thread, JdbcTokenStore",
                                CALLERS,
                                () -> VisibleSession.axon(stage, Tokens.BESIDE_THE_ROWS)),
                        new Contender(
                                AXON_TRACKING + IN_MEMORY,
                                "the same without a stored place",
                                CALLERS,
                                () -> VisibleSession.axon(stage, Tokens.IN_MEMORY))),
                List.of(HAND, AXON_TRACKING, AXON_TRACKING + IN_MEMORY),
                List.of(Goal.atMost(1.5, EDA, P50_MILLIS, HAND), Goal.atMost(0.5, EDA, P99_MILLIS, AXON_TRACKING)));
    }
}

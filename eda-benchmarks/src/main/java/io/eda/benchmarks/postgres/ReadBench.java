package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Quantity;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import java.util.List;

/** Reads from PostgreSQL: ours, and the driver alone over the same columns of the same table. */
public final class ReadBench {

    private static final String RAW = "raw";
    private static final double PART_OF_RAW = 0.9;
    private static final int PAGE = 1_000;
    private static final int CALLERS = 8;

    private ReadBench() {}

    /** Stores {@code events} events, a multiple of 1 000, on a PostgreSQL of its own, and runs all scenarios over them. */
    public static void run(Report report, int events) throws Exception {
        try (Server server = Server.start();
                Database database = server.freshDatabase()) {
            report.line(server.description());
            StoredHistory history = StoredHistory.load(database, events);
            report.line(events + " events stored, " + StoredHistory.EVENTS_PER_AGGREGATE + " of each aggregate, "
                    + SampleEvents.PAYLOAD_BYTES + " bytes of data each");
            report.compare(all(database, history));
            report.compare(aggregates(database, history));
        }
    }

    private static Scenario all(Database database, StoredHistory history) {
        return scenario(
                "all events in order, 1 caller, latency of " + PAGE + " events",
                contender(
                        database,
                        RAW,
                        "pgjdbc, one cursor, fetchSize " + PAGE + ", binary from the first row, columns to Java types",
                        1,
                        connections -> RawReads.all(connections, history, PAGE)),
                contender(
                        database,
                        EdaStore.NAME,
                        "EventStorage.readAll, pages of " + PAGE + ", to EventRecord",
                        1,
                        connections -> EdaReads.all(connections, history, PAGE)));
    }

    private static Scenario aggregates(Database database, StoredHistory history) {
        return scenario(
                "one aggregate of " + StoredHistory.EVENTS_PER_AGGREGATE + " events, " + CALLERS + " callers",
                contender(
                        database,
                        RAW,
                        "pgjdbc, a connection a caller, the same select, server-prepared",
                        CALLERS,
                        connections -> RawReads.aggregates(connections, history)),
                contender(
                        database,
                        EdaStore.NAME,
                        "EventStorage.readAggregate over a pool of " + CALLERS,
                        CALLERS,
                        connections -> EdaReads.aggregates(connections, history, CALLERS)));
    }

    private static Contender contender(
            Database database, String name, String settings, int callers, OpenSession.Opening opening) {
        return new Contender(name, settings, callers, () -> OpenSession.of(database.connections(), opening));
    }

    private static Scenario scenario(String name, Contender raw, Contender eda) {
        return new Scenario(
                name,
                Pace.asFastAsPossible(),
                List.of(raw, eda),
                List.of(RAW),
                List.of(Goal.atLeast(PART_OF_RAW, EdaStore.NAME, Quantity.EVENTS_PER_SECOND, RAW)));
    }
}

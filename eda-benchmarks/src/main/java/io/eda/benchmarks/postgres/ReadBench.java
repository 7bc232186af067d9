package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Quantity;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads from PostgreSQL: ours, the driver alone over the same columns of the same table, and Axon and Pekko over copies in the
 * tables that they make.
 */
public final class ReadBench {

    private static final String RAW = "raw";
    private static final String AXON_4 = new Axon4Store().name();
    private static final String PEKKO = new PekkoStore().name();
    private static final double PART_OF_RAW = 0.9;
    private static final int PAGE = 1_000;
    private static final int CALLERS = 8;

    private final Database database;
    private final StoredHistory history;
    private final Optional<Axon5Store> axon5;

    private ReadBench(Database database, StoredHistory history, Optional<Axon5Store> axon5) {
        this.database = database;
        this.history = history;
        this.axon5 = axon5;
    }

    /** Stores {@code events} events, a multiple of 1 000, on a PostgreSQL of its own, and runs all scenarios over them. */
    public static void run(Report report, int events) throws Exception {
        try (Server server = Server.start();
                Axon5Jvm axon5 = Axon5Jvm.start(report::line);
                Database database = server.freshDatabase()) {
            report.line(server.description());
            StoredHistory history = StoredHistory.load(database, events);
            report.line(events + " events stored, " + StoredHistory.EVENTS_PER_AGGREGATE + " of each aggregate, "
                    + SampleEvents.PAYLOAD_BYTES + " bytes of data each");
            copyToPeers(database);
            ReadBench bench = new ReadBench(database, history, axon5.store());
            report.compare(bench.all());
            report.compare(bench.aggregates());
        }
    }

    private static void copyToPeers(Database database) throws Exception {
        try (Connections connections = database.connections()) {
            Axon4Reads.copy(connections);
            PekkoReads.copy(connections);
            connections.execute("checkpoint");
        }
    }

    private Scenario all() {
        return scenario(
                "all events in order, 1 caller, latency of " + PAGE + " events",
                axon5.map(store -> store.allReads(database, PAGE)),
                contender(
                        RAW,
                        "pgjdbc, one cursor, fetchSize " + PAGE + ", binary from the first row, columns to Java types",
                        1,
                        connections -> RawReads.all(connections, history, PAGE)),
                contender(
                        AXON_4,
                        "JdbcEventStorageEngine.readEvents of all with its defaults, to messages with their payloads",
                        1,
                        connections -> Axon4Reads.all(connections, history, PAGE)),
                contender(
                        PEKKO,
                        "JdbcReadJournal.currentEventsByTag of a tag that every event has, settings of reference.conf",
                        1,
                        connections -> PekkoReads.all(connections, history, PAGE)),
                contender(
                        EdaStore.NAME,
                        "EventStorage.readAll, pages of " + PAGE + ", to EventRecord",
                        1,
                        connections -> EdaReads.all(connections, history, PAGE)));
    }

    private Scenario aggregates() {
        return scenario(
                "one aggregate of " + StoredHistory.EVENTS_PER_AGGREGATE + " events, " + CALLERS + " callers",
                axon5.map(store -> store.aggregateReads(database, CALLERS)),
                contender(
                        RAW,
                        "pgjdbc, a connection a caller, the same select, server-prepared",
                        CALLERS,
                        connections -> RawReads.aggregates(connections, history)),
                contender(
                        AXON_4,
                        "JdbcEventStorageEngine.readEvents of an aggregate with its defaults, over a pool of "
                                + CALLERS,
                        CALLERS,
                        connections -> Axon4Reads.aggregates(connections, history, CALLERS)),
                contender(
                        PEKKO,
                        "JdbcReadJournal.currentEventsByPersistenceId, settings of reference.conf, pool of 20",
                        CALLERS,
                        connections -> PekkoReads.aggregates(connections, history)),
                contender(
                        EdaStore.NAME,
                        "EventStorage.readAggregate over a pool of " + CALLERS,
                        CALLERS,
                        connections -> EdaReads.aggregates(connections, history, CALLERS)));
    }

    private Contender contender(String name, String settings, int callers, OpenSession.Opening opening) {
        return new Contender(name, settings, callers, () -> OpenSession.of(database.connections(), opening));
    }

    private static Scenario scenario(String name, Optional<Contender> more, Contender... contenders) {
        List<Contender> all =
                Stream.concat(Stream.of(contenders), more.stream()).toList();
        return new Scenario(
                name,
                Pace.asFastAsPossible(),
                all,
                all.stream()
                        .map(Contender::name)
                        .filter(other -> !other.equals(EdaStore.NAME))
                        .toList(),
                List.of(Goal.atLeast(PART_OF_RAW, EdaStore.NAME, Quantity.EVENTS_PER_SECOND, RAW)));
    }
}

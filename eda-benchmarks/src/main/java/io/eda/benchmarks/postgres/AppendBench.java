package io.eda.benchmarks.postgres;

import static io.eda.benchmarks.harness.Quantity.EVENTS_PER_SECOND;
import static io.eda.benchmarks.harness.Quantity.P50_MILLIS;
import static io.eda.benchmarks.harness.Quantity.P99_MILLIS;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Appends to PostgreSQL: ours, a textbook store, Axon 4.13 and 5.0, Pekko, the driver alone, and the limit of the driver. */
public final class AppendBench {

    private static final int MANY = 64;

    private final Server server;
    private final Report report;
    private final AppendSystem textbook = new TextbookStore();
    private final AppendSystem axon = new Axon4Store();
    private final List<AppendSystem> peers;
    private final AppendSystem insert = new RawInsert();
    private final AppendSystem limit = new RawUnnest("limit-1-connection");
    private final AppendSystem limitOfTwo = new RawUnnest("limit-2-connections");
    private final AppendSystem eda = new EdaStore();
    private final AppendSystem edaAsync = new EdaAsyncStore(MANY);

    private AppendBench(Server server, Axon5Jvm axon5, Report report) {
        this.server = server;
        this.report = report;
        this.peers = Stream.of(Stream.of(textbook, axon), axon5.store().stream(), Stream.of(new PekkoStore(), insert))
                .<AppendSystem>flatMap(systems -> systems)
                .toList();
    }

    /** Runs all scenarios on a PostgreSQL of its own. */
    public static void run(Report report) throws Exception {
        try (Server server = Server.start();
                Axon5Jvm axon5 = Axon5Jvm.start(report::line)) {
            new AppendBench(server, axon5, report).run();
        }
    }

    private void run() throws Exception {
        report.line(server.description());
        for (AppendSystem system : and(peers, limit, eda)) {
            report.line(system.name() + " stores " + SameBytes.check(server, system, 5));
        }
        report.compare(oneEventAnAppend());
        report.compare(oneCaller());
        report.compare(fiveEventsAnAppend());
        report.compare(VisibleLatency.scenario(server));
    }

    private Scenario oneEventAnAppend() {
        return new Scenario(
                "1 event an append, 64 callers",
                Pace.asFastAsPossible(),
                withLimits(1),
                names(and(peers, limit)),
                List.of(
                        Goal.atLeast(10, EdaStore.NAME, EVENTS_PER_SECOND, textbook.name()),
                        Goal.atLeast(7, EdaStore.NAME, EVENTS_PER_SECOND, axon.name()),
                        Goal.atLeast(4, EdaStore.NAME, EVENTS_PER_SECOND, insert.name()),
                        Goal.atLeast(0.6, EdaStore.NAME, EVENTS_PER_SECOND, limit.name()),
                        Goal.atMost(0.3, EdaStore.NAME, P99_MILLIS, insert.name())));
    }

    private Scenario oneCaller() {
        return new Scenario(
                "1 event an append, 1 caller",
                Pace.asFastAsPossible(),
                all(1, 1),
                names(peers),
                List.of(Goal.atMost(1.15, EdaStore.NAME, P50_MILLIS, insert.name())));
    }

    private Scenario fiveEventsAnAppend() {
        return new Scenario(
                "5 events an append, 64 callers",
                Pace.asFastAsPossible(),
                withLimits(5),
                names(and(peers, limit)),
                List.of(Goal.atLeast(1.0, EdaStore.NAME, EVENTS_PER_SECOND, limit.name())));
    }

    private List<Contender> withLimits(int eventsPerAppend) {
        List<Contender> contenders = new ArrayList<>(all(MANY, eventsPerAppend));
        contenders.add(edaAsync.contender(server, 1, eventsPerAppend));
        contenders.add(limit.contender(server, 1, eventsPerAppend));
        contenders.add(limitOfTwo.contender(server, 2, eventsPerAppend));
        return contenders;
    }

    private List<Contender> all(int callers, int eventsPerAppend) {
        return and(peers, eda).stream()
                .map(system -> system.contender(server, callers, eventsPerAppend))
                .toList();
    }

    private static List<AppendSystem> and(List<AppendSystem> systems, AppendSystem... more) {
        return Stream.concat(systems.stream(), Stream.of(more)).toList();
    }

    private static List<String> names(List<AppendSystem> systems) {
        return systems.stream().map(AppendSystem::name).toList();
    }
}

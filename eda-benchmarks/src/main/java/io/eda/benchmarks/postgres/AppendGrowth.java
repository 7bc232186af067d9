package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import io.eda.store.Append;
import io.eda.store.EventStorage;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What an append costs as its data grow, and as fewer or more aggregates are appended to. Each round has a table of its own. */
final class AppendGrowth {

    private static final int CALLERS = 64;
    private static final List<Integer> DATA_BYTES = List.of(100, 1_000, 10_000, 100_000);
    private static final List<Integer> AGGREGATES = List.of(10, 1_000, 100_000);
    private static final int DIFFERENT_DATA = 64;

    private final Server server;

    private AppendGrowth(Server server) {
        this.server = server;
    }

    static void run(Report report, Server server) throws Exception {
        AppendGrowth growth = new AppendGrowth(server);
        report.compare(growth.scenario("1 event of N bytes an append", DATA_BYTES, "bytes", AppendGrowth::ofData));
        report.compare(growth.scenario(
                "1 event of 250 bytes an append, to any of N aggregates",
                AGGREGATES,
                "aggregates",
                count -> all -> toAggregates(all, count)));
    }

    private Scenario scenario(
            String name, List<Integer> sizes, String unit, Function<Integer, OpenSession.Opening> openings) {
        List<Contender> contenders = sizes.stream()
                .map(size -> new Contender(
                        String.format(Locale.ROOT, "%,d %s", size, unit),
                        "PostgresEventStorage, " + CALLERS + " callers, a new table each round",
                        CALLERS,
                        () -> OpenSession.onFreshDatabase(server, openings.apply(size))))
                .toList();
        return new Scenario(
                name,
                Pace.asFastAsPossible(),
                contenders,
                List.of(contenders.get(0).name()),
                List.of());
    }

    private static OpenSession.Opening ofData(int bytes) {
        SplittableRandom random = new SplittableRandom(bytes);
        // Nothing that compresses: what is stored is as large as what is sent.
        List<byte[]> texts = IntStream.range(0, DIFFERENT_DATA)
                .mapToObj(i -> random.ints(bytes, ' ', '~' + 1)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                        .getBytes(StandardCharsets.US_ASCII))
                .toList();
        return connections -> {
            EventStorage storage = EdaStore.storage(connections);
            return () -> {
                SampleEvents sample = new SampleEvents();
                int[] next = {0};
                return watch -> {
                    byte[] data = texts.get(next[0]++ % DIFFERENT_DATA);
                    storage.append(append(sample, sample.id().toString(), ExpectedVersion.noEvents(), data));
                    return 1;
                };
            };
        };
    }

    private static Callers toAggregates(Connections connections, int count) {
        EventStorage storage = EdaStore.storage(connections);
        return () -> {
            SampleEvents sample = new SampleEvents();
            SplittableRandom random = new SplittableRandom();
            return watch -> {
                String id = "order-" + random.nextInt(count);
                storage.append(append(sample, id, ExpectedVersion.any(), sample.payload()));
                return 1;
            };
        };
    }

    private static Append append(SampleEvents sample, String id, ExpectedVersion expected, byte[] data) {
        NewEvent event = EdaStore.event(sample, sample.id().toString(), data);
        return new Append(EventsTable.aggregate(id), expected, List.of(event));
    }
}

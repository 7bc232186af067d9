package io.eda.benchmarks.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.benchmarks.commands.AxonTeller;
import io.eda.benchmarks.commands.EdaTeller;
import io.eda.benchmarks.commands.Teller;
import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Quantity;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import io.eda.command.CommandOptions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.caching.NoCache;
import org.axonframework.common.caching.WeakReferenceCache;
import org.axonframework.serialization.json.JacksonSerializer;

/** Commands on PostgreSQL, from the call to the stored event: loaded, decided, appended; ours and Axon 4.13, with and without a cache. */
public final class CommandBench {

    private static final int ACCOUNTS = 2_000;
    private static final int EVENTS_BEFORE = 5;
    private static final String EDA = "eda";
    private static final String EDA_UNCACHED = "eda, no cache";
    private static final String AXON = "axon-4.13, cache";
    private static final String AXON_UNCACHED = "axon-4.13";

    private final Server server;

    private CommandBench(Server server) {
        this.server = server;
    }

    /** Runs it with 1, 16 and 64 callers on a PostgreSQL of its own. */
    public static void run(Report report) throws Exception {
        try (Server server = Server.start()) {
            report.line(server.description());
            report.line(ACCOUNTS + " accounts, " + EVENTS_BEFORE + " events of each to begin with");
            CommandBench bench = new CommandBench(server);
            for (int callers : List.of(1, 16, 64)) {
                report.compare(bench.scenario(callers));
            }
        }
    }

    private Scenario scenario(int callers) {
        CommandOptions options = CommandOptions.defaults();
        return new Scenario(
                "a command for one of the accounts, " + callers + (callers == 1 ? " caller" : " callers"),
                Pace.asFastAsPossible(),
                List.of(
                        contender(
                                AXON_UNCACHED,
                                "SimpleCommandBus, EventSourcingRepository, JdbcEventStorageEngine, JacksonSerializer, pool of 64",
                                callers,
                                connections -> axon(connections, NoCache.INSTANCE)),
                        contender(
                                AXON,
                                "the same with a WeakReferenceCache",
                                callers,
                                connections -> axon(connections, new WeakReferenceCache())),
                        contender(
                                EDA_UNCACHED,
                                "CommandBus over PostgresEventStorage, pool of 64, no aggregate cached",
                                callers,
                                connections ->
                                        new EdaTeller(EdaStore.storage(connections), options.withCachedAggregates(0))),
                        contender(
                                EDA,
                                "the same with its defaults",
                                callers,
                                connections -> new EdaTeller(EdaStore.storage(connections), options))),
                List.of(AXON_UNCACHED, AXON),
                List.of(
                        Goal.atLeast(1, EDA_UNCACHED, Quantity.EVENTS_PER_SECOND, AXON_UNCACHED),
                        Goal.atLeast(1, EDA, Quantity.EVENTS_PER_SECOND, AXON)));
    }

    private static Teller axon(Connections connections, Cache cache) {
        HikariDataSource pool = connections.pool(Axon4Store.CONNECTIONS, false);
        AxonTeller teller = new AxonTeller(Axon4Store.engine(pool, JacksonSerializer.defaultSerializer()), cache);
        connections.closeLater(teller);
        return teller;
    }

    private Contender contender(String name, String settings, int callers, Opening opening) {
        OpenSession.Opening filled = all -> {
            Teller teller = opening.open(all);
            fill(teller);
            return () -> caller(teller);
        };
        return new Contender(name, settings, callers, () -> OpenSession.onFreshDatabase(server, filled));
    }

    private static Operation caller(Teller teller) {
        SplittableRandom random = new SplittableRandom();
        return watch -> {
            teller.deposit(account(random.nextInt(ACCOUNTS)), 1);
            return 1;
        };
    }

    private static String account(int number) {
        return "account-" + number;
    }

    private static void fill(Teller teller) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> filled = IntStream.range(0, ACCOUNTS)
                    .<Future<?>>mapToObj(number -> threads.submit(() -> {
                        for (int i = 0; i < EVENTS_BEFORE; i++) {
                            teller.deposit(account(number), 1);
                        }
                    }))
                    .toList();
            for (Future<?> account : filled) {
                account.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Makes the teller of one session. */
    @FunctionalInterface
    private interface Opening {
        Teller open(Connections connections);
    }
}

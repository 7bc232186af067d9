package io.eda.testkit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.inmemory.InMemorySnapshotStorage;
import io.eda.store.EventStorage;
import io.eda.store.SnapshotStorage;
import io.eda.testkit.bus.BusSuite;
import io.eda.testkit.idempotency.IdempotencySuite;
import io.eda.testkit.transport.TransportSuite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The suites are promises too: they must fail for every adapter that breaks one. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class SaboteursTest {

    private static final Path TABLE = Path.of("..", "docs", "saboteurs.md");
    private static final int AT_ONCE = 12;

    // They wait most of their time, so they run together, before the tests that look at how they ended.
    private static final Map<Saboteur, SuiteRun> RUNS = new ConcurrentHashMap<>();
    private static final Map<Class<?>, SuiteRun> IDLERS = new ConcurrentHashMap<>();

    static Stream<Saboteur> saboteurs() {
        return Stream.of(
                        TransportSuite.saboteurs(),
                        BusSuite.saboteurs(),
                        IdempotencySuite.saboteurs(),
                        StorageSuite.saboteurs(),
                        CheckpointSuite.saboteurs(),
                        SnapshotSuite.saboteurs())
                .flatMap(each -> each);
    }

    static Stream<Arguments> idlers() {
        Supplier<EventStorage> storage = BrokenStorage.DoesNothing::new;
        Supplier<SnapshotStorage> snapshots = SnapshotSuite.DoingNothing::new;
        return Stream.of(
                Arguments.of(TransportSuite.class, TransportSuite.doingNothing()),
                Arguments.of(BusSuite.class, BusSuite.doingNothing()),
                Arguments.of(IdempotencySuite.class, IdempotencySuite.doingNothing()),
                Arguments.of(StorageSuite.class, storage),
                Arguments.of(CheckpointSuite.class, CheckpointSuite.Fault.DOES_NOTHING),
                Arguments.of(SnapshotSuite.class, snapshots));
    }

    static Stream<Arguments> correct_adapters() {
        Supplier<EventStorage> storage = BrokenStorage::new;
        Supplier<SnapshotStorage> snapshots = InMemorySnapshotStorage::new;
        return Stream.of(
                Arguments.of(IdempotencySuite.class, IdempotencySuite.correct()),
                Arguments.of(StorageSuite.class, storage),
                Arguments.of(CheckpointSuite.class, CheckpointSuite.Fault.NONE),
                Arguments.of(SnapshotSuite.class, snapshots));
    }

    @BeforeAll
    static void run() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> runs = new ArrayList<>();
            idlers().map(Arguments::get)
                    .forEach(idler -> runs.add(threads.submit(() -> {
                        Class<? extends SabotagedSuite<?>> suite = suite(idler[0]);
                        IDLERS.put(suite, SuiteRun.of(suite, null, idler[1]));
                    })));
            saboteurs()
                    .forEach(each -> runs.add(threads.submit(
                            () -> RUNS.put(each, SuiteRun.of(each.suite(), each.group(), each.adapter())))));
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("saboteurs")
    void a_saboteur_is_caught_by_the_case_that_names_its_fault(Saboteur saboteur) {
        assertThat(RUNS.get(saboteur).failed())
                .as("the cases that catch who %s", saboteur.name())
                .contains(saboteur.catcher());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("idlers")
    void an_adapter_that_does_nothing_fails_everywhere(Class<?> suite, Object nothing) {
        SuiteRun run = IDLERS.get(suite);

        assertThat(run.passed()).isEmpty();
        assertThat(run.failed()).isNotEmpty();
    }

    // Those for transports and the bus are LocalBrokerTest and InMemoryEventBusTest, as patient as a busy machine
    // needs.
    @ParameterizedTest(name = "{0}")
    @MethodSource("correct_adapters")
    void the_same_suite_passes_a_correct_adapter(Class<?> suite, Object adapter) {
        SuiteRun run = SuiteRun.of(suite(suite), null, adapter);

        assertThat(run.failed()).isEmpty();
        assertThat(run.passed()).isNotEmpty();
    }

    @Test
    void nothing_but_a_declaration_switches_a_case_off() {
        assertThat(Stream.of(RUNS.values(), IDLERS.values())
                        .flatMap(runs -> runs.stream())
                        .flatMap(run -> run.switchedOff().values().stream()))
                .allSatisfy(reason -> assertThat(reason).startsWith(SwitchedOff.PREFIX));
    }

    @Test
    void the_table_in_the_documents_is_what_the_run_generates() throws Exception {
        Path generated = Path.of("target", "saboteurs.md");
        Files.writeString(generated, table());

        assertThat(TABLE)
                .as("docs/saboteurs.md; copy eda-testkit/target/saboteurs.md there if the saboteurs have changed")
                .hasContent(Files.readString(generated));
    }

    private static String table() {
        StringBuilder table = new StringBuilder(
                """
                # Saboteurs

                The contract suites are tested themselves: against adapters that are broken at one place each, on purpose. Every row is
                an adapter that the suite catches, and the case that does. `SaboteursTest` runs them all, and writes this page. Against an
                adapter that does nothing, every case of every suite fails.
                """);
        Map<String, List<Saboteur>> bySuite =
                saboteurs().collect(groupingBy(Saboteur::suiteName, LinkedHashMap::new, toList()));
        bySuite.forEach((suite, saboteurs) -> {
            table.append("\n## ").append(suite).append("\n\n");
            table.append("| an adapter that … | breaks | is caught by |\n|---|---|---|\n");
            for (Saboteur each : saboteurs) {
                List<String> caughtBy = RUNS.get(each).failed().stream()
                        .filter(each.catcher()::equals)
                        .toList();
                table.append("| %s | %s | `%s` |%n".formatted(each.name(), each.breaks(), String.join(", ", caughtBy)));
            }
        });
        return table.toString();
    }

    @SuppressWarnings("unchecked") // Only suites are handed in.
    private static Class<? extends SabotagedSuite<?>> suite(Object suite) {
        return (Class<? extends SabotagedSuite<?>>) suite;
    }
}

package io.eda.samples.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.command.CommandBus;
import io.eda.inmemory.InMemoryTransport;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.FollowOptions;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.projection.Rebuild;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.telemetry.Note.Write;
import io.eda.samples.telemetry.Note.Written;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresContext;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.store.postgres.PostgresOptions;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of meters in the documents says exactly what there is. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class MetersTableIT {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| `(eda[a-z.]+)` \\| (\\w+) \\| ?(\\w*) ?\\| ?([^|]*?) ?\\| [^|]+ \\| `(\\w+)\\.(\\w+)` \\|$");
    private static final Pattern TAG = Pattern.compile("`(\\w+)`( = ((`\\w+`(, )?)+))?");
    private static final Pattern VALUE = Pattern.compile("`(\\w+)`");

    @Test
    void every_meter_is_in_the_table_with_its_type_unit_and_tags_and_the_table_has_no_other() throws Exception {
        assertThat(registered()).isEqualTo(documented());
    }

    @Test
    void every_row_names_a_test_that_exists() throws IOException {
        for (MatchResult row : rows()) {
            try (Stream<Path> files = Files.walk(PROJECT)) {
                assertThat(files.filter(file -> file.endsWith(row.group(5) + ".java"))
                                .filter(file -> !file.toString().contains("/target/"))
                                .anyMatch(file -> contains(file, "void " + row.group(6) + "(")))
                        .as("%s.%s", row.group(5), row.group(6))
                        .isTrue();
            }
        }
    }

    /** Each as {@code type unit tag=values}; the values of tags that have a name of their own are left out. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> meters = new TreeMap<>();
        for (MatchResult row : rows()) {
            Map<String, Set<String>> tags = new TreeMap<>();
            TAG.matcher(row.group(4)).results().forEach(tag -> {
                Set<String> values = new TreeSet<>();
                if (tag.group(3) != null) {
                    VALUE.matcher(tag.group(3)).results().forEach(value -> values.add(value.group(1)));
                }
                tags.put(tag.group(1), values);
            });
            meters.put(row.group(1), row.group(2) + " " + row.group(3) + " " + tags);
        }
        return meters;
    }

    private static List<MatchResult> rows() throws IOException {
        List<MatchResult> rows = ROW.matcher(Files.readString(PROJECT.resolve("docs/meters.md")))
                .results()
                .toList();
        assertThat(rows).hasSizeGreaterThan(40);
        return rows;
    }

    private static Map<String, String> registered() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Map<String, Map<String, Set<String>>> tags = new TreeMap<>();
        Map<String, String> meters = new TreeMap<>();
        bindEverything(registry, () -> registry.getMeters().forEach(meter -> {
            Meter.Id id = meter.getId();
            Map<String, Set<String>> known = tags.computeIfAbsent(id.getName(), name -> new TreeMap<>());
            for (Tag tag : id.getTags()) {
                Set<String> values = known.computeIfAbsent(tag.getKey(), key -> new TreeSet<>());
                if (!Set.of("name", "group", "schema", "command").contains(tag.getKey())) {
                    values.add(tag.getValue());
                }
            }
            String unit = id.getBaseUnit() == null ? "" : id.getBaseUnit();
            meters.put(id.getName(), typeOf(id) + " " + unit);
        }));
        meters.replaceAll((name, text) -> text + " " + tags.get(name));
        return meters;
    }

    private static String typeOf(Meter.Id id) {
        return id.getType() == Meter.Type.DISTRIBUTION_SUMMARY
                ? "summary"
                : id.getType().name().toLowerCase(Locale.ROOT);
    }

    private static void bindEverything(SimpleMeterRegistry registry, Runnable look) throws Exception {
        try (HikariDataSource database = TestDatabase.open();
                PostgresEventStorage storage = PostgresEventStorage.create(database);
                EventBus bus = new EventBus(InMemoryTransport.confirmingWhenAccepted(), Note.json())) {
            var checkpoints = PostgresCheckpointStore.create(database, PostgresOptions.defaults());
            EventStore store = new EventStore(storage, Note.json());
            CommandBus commands = CommandBus.builder(store)
                    .handle(Write.class, Note.AGGREGATE, Write::noteId, Note::write)
                    .build();
            storage.bindTo(registry);
            store.bindTo(registry);
            commands.bindTo(registry);
            bus.bindTo(registry);
            try (var subscription = bus.subscribe(SubscriptionOptions.forGroup("mail"), event -> {});
                    var relay = OutboxRelay.builder("relay", storage, checkpoints, bus)
                            .start()
                            .bindTo(registry);
                    var runner = ProjectionRunner.of(lines("lines"), store, checkpoints)
                            .bindTo(registry)
                            .start();
                    var rebuild = Rebuild.start(
                                    lines("lines"), lines("lines_next"), store, checkpoints, FollowOptions.defaults())
                            .bindTo(registry)) {
                look.run();
            }
        }
    }

    private static Projection<PostgresContext> lines(String name) {
        return Projection.<PostgresContext>named(name)
                .on(Written.class, (event, db) -> {})
                .clearedBy(db -> {})
                .build();
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

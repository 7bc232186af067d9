package io.eda.samples.telemetry;

import static io.eda.samples.telemetry.Meters.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.command.CommandBus;
import io.eda.command.CommandContext;
import io.eda.command.CommandOptions;
import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.Origin;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.telemetry.Note.Write;
import io.eda.samples.telemetry.Note.Written;
import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.EventStorageException;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.StoredEvent;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The meters of commands and appends move over a real PostgreSQL. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class StoreMetersIT {

    private static final String DISPATCH = "eda.command.dispatch";
    private static final String APPEND = "eda.store.append";

    private final Meters meters = new Meters();

    @Test
    void commands_are_counted_by_what_they_led_to() {
        try (HikariDataSource database = TestDatabase.open();
                PostgresEventStorage storage = PostgresEventStorage.create(database)) {
            EventStore store = new EventStore(storage, Note.json());
            CommandBus commands = commands(store, CommandOptions.defaults().withRememberedEvents(10));
            CommandBus impatient = commands(store, CommandOptions.defaults().withMaxAttempts(1));
            commands.bindTo(meters.registry());
            impatient.bindTo(meters.registry());

            CommandContext once = CommandContext.startedBy("once");
            commands.dispatch(new Write("a", "one"), once);
            commands.dispatch(new Write("a", "one"), once);
            commands.dispatch(new Write("a", "nothing"));
            assertThatThrownBy(() -> commands.dispatch(new Write("a", "refused")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(dispatched("stored")).isEqualTo(1);
            assertThat(dispatched("repeated")).isEqualTo(1);
            assertThat(dispatched("unchanged")).isEqualTo(1);
            assertThat(dispatched("rejected")).isEqualTo(1);
            assertThat(meters.counted("eda.command.cache", "result", "miss")).isEqualTo(1);
            assertThat(meters.counted("eda.command.cache", "result", "hit")).isEqualTo(3);
            assertThat(meters.counted("eda.command.conflicts")).isZero();

            impatient.dispatch(new Write("a", "two"));
            commands.dispatch(new Write("a", "three"));
            assertThat(meters.counted("eda.command.conflicts")).isEqualTo(1);
            assertThatThrownBy(() -> impatient.dispatch(new Write("a", "four")))
                    .isInstanceOf(ConcurrencyConflictException.class);
            assertThat(meters.counted("eda.command.conflicts")).isEqualTo(2);
            assertThat(dispatched("conflict")).isEqualTo(1);
            assertThat(dispatched("stored")).isEqualTo(3);

            storage.close();
            assertThatThrownBy(() -> commands.dispatch(new Write("a", "five")))
                    .isInstanceOf(EventStorageException.class);
            assertThat(dispatched("failed")).isEqualTo(1);
        }
    }

    @Test
    void appends_are_timed_by_what_became_of_them() {
        try (HikariDataSource database = TestDatabase.open();
                PostgresEventStorage storage = PostgresEventStorage.create(database)) {
            EventStore store = new EventStore(storage, Note.json());
            store.bindTo(meters.registry());
            var note = Note.AGGREGATE.id("a");
            List<Written> lines = List.of(new Written("one"), new Written("two"), new Written("three"));
            store.append(note, ExpectedVersion.noEvents(), lines);
            assertThatThrownBy(() -> store.append(note, ExpectedVersion.noEvents(), lines))
                    .isInstanceOf(ConcurrencyConflictException.class);
            storage.close();
            assertThatThrownBy(() -> store.append(note, ExpectedVersion.any(), lines))
                    .isInstanceOf(EventStorageException.class);

            assertThat(meters.timed(APPEND, "outcome", "stored")).isEqualTo(1);
            assertThat(meters.timed(APPEND, "outcome", "conflict")).isEqualTo(1);
            assertThat(meters.timed(APPEND, "outcome", "failed")).isEqualTo(1);
            assertThat(meters.counted("eda.store.append.events")).isEqualTo(3);
            assertThat(meters.registry()
                            .get(APPEND)
                            .tag("outcome", "stored")
                            .timer()
                            .totalTime(TimeUnit.NANOSECONDS))
                    .isPositive();
        }
    }

    @Test
    void an_append_without_an_answer_is_timed_as_unknown() {
        try (HikariDataSource database = TestDatabase.open();
                PostgresEventStorage storage = PostgresEventStorage.create(database)) {
            EventStore store = new EventStore(new LosingStorage(storage), Note.json());
            store.bindTo(meters.registry());
            var note = Note.AGGREGATE.id("a");
            List<Written> lines = List.of(new Written("one"));
            assertThatThrownBy(() -> store.append(note, ExpectedVersion.noEvents(), lines))
                    .isInstanceOf(AppendOutcomeUnknownException.class);
            assertThat(meters.timed(APPEND, "outcome", "unknown")).isEqualTo(1);
            assertThat(meters.counted("eda.store.append.events")).isZero();
        }
    }

    @Test
    void lanes_tell_what_waits_and_what_travels_together() {
        try (TcpProxy proxy = TcpProxy.to(RealServers.postgres());
                HikariDataSource database =
                        through(proxy, RealServers.postgres().freshDatabase());
                PostgresEventStorage storage = PostgresEventStorage.create(database)) {
            EventStore store = new EventStore(storage, Note.json());
            storage.bindTo(meters.registry());
            store.append(Note.AGGREGATE.id("a"), ExpectedVersion.noEvents(), List.of(new Written("one")));
            assertThat(meters.gauge("eda.store.append.waiting", "schema", "eda"))
                    .isZero();
            var batches = meters.registry()
                    .get("eda.store.append.batch")
                    .tag("schema", "eda")
                    .summary();
            assertThat(batches.count()).isEqualTo(1);

            proxy.stall();
            List<CompletableFuture<AppendResult>> many = IntStream.range(0, 20)
                    .mapToObj(i -> storage.appendAsync(append(store, "note-" + i)))
                    .toList();
            assertThat(meters.gauge("eda.store.append.waiting", "schema", "eda"))
                    .isEqualTo(20);
            proxy.unstall();
            many.forEach(CompletableFuture::join);
            patiently().until(() -> meters.gauge("eda.store.append.waiting", "schema", "eda") == 0);
            assertThat(batches.max()).isGreaterThan(1);
            assertThat(batches.totalAmount()).isGreaterThanOrEqualTo(21);
        }
        assertThat(meters.hasGauge("eda.store.append.waiting"))
                .as("a storage that is closed has no gauges")
                .isFalse();
    }

    private long dispatched(String outcome) {
        return meters.timed(DISPATCH, "command", "Write", "outcome", outcome);
    }

    private static CommandBus commands(EventStore store, CommandOptions options) {
        return CommandBus.builder(store)
                .handle(Write.class, Note.AGGREGATE, Write::noteId, Note::write)
                .options(options)
                .build();
    }

    private static Append append(EventStore store, String note) {
        return store.prepare(
                Note.AGGREGATE.id(note),
                ExpectedVersion.noEvents(),
                List.of(new Written("one")),
                Origin.startedBy(note));
    }

    private static HikariDataSource through(TcpProxy proxy, String url) {
        String server =
                RealServers.postgres().host() + ":" + RealServers.postgres().port();
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url.replace(server, proxy.host() + ":" + proxy.port()));
        pool.setMaximumPoolSize(4);
        return pool;
    }

    /** Stores, and loses the answer. */
    private record LosingStorage(EventStorage storage) implements EventStorage {

        @Override
        public AppendResult append(Append append) {
            AppendResult stored = storage.append(append);
            throw new AppendOutcomeUnknownException(
                    append, new IllegalStateException("The answer " + stored + " is lost"));
        }

        @Override
        public List<StoredEvent<EventRecord>> readAggregate(AggregateId aggregateId, long fromVersion, int limit) {
            return storage.readAggregate(aggregateId, fromVersion, limit);
        }

        @Override
        public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
            return storage.readAll(afterPosition, filter, limit);
        }

        @Override
        public long awaitVisible(long position, Duration timeout) throws InterruptedException {
            return storage.awaitVisible(position, timeout);
        }
    }
}

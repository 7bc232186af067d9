package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.ExpectedVersion;
import io.eda.store.StoredEvent;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import io.eda.testkit.servers.ServerOptions.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server dies and comes back, the one that is found first and the one from the jar. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(180)
final class ServerCrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PostgresOptions options = TestDatabase.freshSchema();

    @ParameterizedTest
    @EnumSource(
            value = Source.class,
            names = {"AUTOMATIC", "JAR"})
    void what_was_acknowledged_is_there_after_a_kill_under_load(Source source) throws Exception {
        try (PostgresServer server = RealServers.dedicatedPostgres(ServerOptions.from(source));
                HikariDataSource pool = TestDatabase.pool(server.jdbcUrl(), 24);
                PostgresEventStorage storage = PostgresEventStorage.create(pool, options)) {
            FollowingThread follower = new FollowingThread(storage, 100).start();
            RandomWriters writers = new RandomWriters(storage, pool, options).start(8, 4);
            for (int crash = 1; crash <= 2; crash++) {
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                server.kill();
                server.start();
            }
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            writers.close();

            long last = storage.append(Events.append("end", ExpectedVersion.any(), 1))
                    .lastPosition();
            assertThat(storage.awaitVisible(last, PATIENCE)).isGreaterThanOrEqualTo(last);
            List<StoredEvent<EventRecord>> all = Events.readAll(storage, 0);
            List<UUID> ids =
                    all.stream().map(stored -> stored.event().eventId()).toList();
            assertThat(writers.surprises()).isEmpty();
            assertThat(writers.failures()).as("attempts that met the crash").isPositive();
            assertThat(writers.acknowledged()).hasSizeGreaterThan(100);
            assertThat(ids).containsAll(writers.acknowledged()).doesNotHaveDuplicates();
            assertThat(follower.seenUpTo(last)).isEqualTo(all);
            assertNoHoles(all);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Source.class,
            names = {"AUTOMATIC", "JAR"})
    void positions_that_a_crash_gives_out_again_are_not_skipped(Source source) throws Exception {
        // Wake-ups commit too, in their own time.
        PostgresOptions quiet = options.withWakeUps(false);
        // Nothing but a commit shall bring the sequence to disk, as it may happen with any setting.
        ServerOptions lazy = ServerOptions.from(source)
                .withSetting("wal_writer_delay", "10s")
                .withSetting("wal_writer_flush_after", "1GB");
        try (PostgresServer server = RealServers.dedicatedPostgres(lazy);
                PostgresEventStorage storage =
                        PostgresEventStorage.create(TestDatabase.unpooled(server.jdbcUrl()), quiet)) {
            DataSource dataSource = TestDatabase.unpooled(server.jdbcUrl());
            long again = storage.append(Events.append("42", ExpectedVersion.any(), 1))
                    .lastPosition();
            long drawn;
            EventPage seen;
            int crashes = 0;
            do {
                try (RawWriter writer = new RawWriter(dataSource, options)) {
                    drawn = writer.insert("gone", 1, 99);
                    writer.rollback();
                }
                long stored = storage.awaitVisible(again, PATIENCE);
                assertThat(stored).isGreaterThanOrEqualTo(again);
                seen = storage.readAll(0, EventFilter.all(), 100);
                server.kill();
                server.start();
                again = storage.append(Events.append("42", ExpectedVersion.any(), 1))
                        .lastPosition();
                crashes++;
                // On a slow machine the server may have brought the sequence to disk after all.
            } while (again > drawn && crashes < 10);

            assertThat(again).as("the crash gave out positions again").isLessThanOrEqualTo(drawn);
            assertThat(storage.awaitVisible(again, PATIENCE)).isEqualTo(again);
            assertThat(seen.events()).hasSize(crashes);
            assertThat(Events.names(storage, seen.position())).containsExactly("42@" + (crashes + 1));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Source.class,
            names = {"AUTOMATIC", "JAR"})
    void an_append_that_was_prepared_before_a_restart_is_waited_for_after_it(Source source) throws Exception {
        try (PostgresServer server = RealServers.dedicatedPostgres(ServerOptions.from(source));
                PostgresEventStorage storage =
                        PostgresEventStorage.create(TestDatabase.unpooled(server.jdbcUrl()), options)) {
            DataSource dataSource = TestDatabase.unpooled(server.jdbcUrl());
            try (RawWriter writer = new RawWriter(dataSource, options)) {
                writer.insert("prepared", 1, 1);
                long fast = storage.append(Events.append("fast", ExpectedVersion.any(), 1))
                        .lastPosition();
                assertThat(storage.awaitVisible(fast, Duration.ofMillis(50))).isZero();
                writer.execute("prepare transaction 'append'");
            }
            server.kill();
            server.start();

            long last = storage.append(Events.append("fast", ExpectedVersion.any(), 1))
                    .lastPosition();
            assertThat(storage.awaitVisible(last, Duration.ofMillis(300))).isZero();
            TestDatabase.execute(dataSource, "commit prepared 'append'");
            assertThat(storage.awaitVisible(last, PATIENCE)).isEqualTo(last);
            assertThat(Events.names(storage, 0)).containsExactly("prepared@1", "fast@1", "fast@2");
        }
    }

    private static void assertNoHoles(List<StoredEvent<EventRecord>> all) {
        Map<AggregateId, List<Long>> versions = all.stream()
                .map(StoredEvent::event)
                .collect(Collectors.groupingBy(
                        EventRecord::aggregateId,
                        Collectors.mapping(EventRecord::aggregateVersion, Collectors.toList())));
        assertThat(versions.values()).allSatisfy(found -> assertThat(found)
                .isEqualTo(LongStream.rangeClosed(1, found.size()).boxed().toList()));
    }
}

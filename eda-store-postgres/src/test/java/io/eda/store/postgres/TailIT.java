package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.ExpectedVersion;
import io.eda.store.StoredEvent;
import io.eda.testkit.servers.RealServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers near the end: what they share, and who wakes them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class TailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** So rare that a test ends long before: whoever hears of an event in time was woken. */
    private static final Duration NEVER = Duration.ofMinutes(10);

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();
    private final List<PostgresEventStorage> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(PostgresEventStorage::close);
    }

    @Test
    void many_readers_near_the_end_read_each_event_once_from_the_table() throws Exception {
        StatementCounts counts = new StatementCounts(dataSource, "order by e.position\nlimit");
        PostgresEventStorage storage = open(counts.dataSource(), options);
        long last = append(storage, "42", 20);
        assertThat(storage.awaitVisible(last, PATIENCE)).isEqualTo(last);

        List<List<StoredEvent<EventRecord>>> seen = together(30, () -> Events.readAll(storage, 0));

        List<StoredEvent<EventRecord>> expected = Events.readAll(open(dataSource, options), 0);
        assertThat(expected).hasSize(20);
        assertThat(seen).allSatisfy(events -> assertThat(events).isEqualTo(expected));
        assertThat(counts.prepared()).isEqualTo(1);
    }

    @Test
    void every_reader_gets_what_its_own_filter_lets_pass() throws Exception {
        PostgresEventStorage storage = open(dataSource, options);
        BulkEvents.insert(dataSource, options, 1, 100, "case when n % 10 = 0 then 'tenth.happened' else 'a.done' end");
        assertThat(storage.awaitVisible(100, PATIENCE)).isEqualTo(100);

        EventPage all = storage.readAll(0, EventFilter.all(), 500);
        EventPage tenths = storage.readAll(0, EventFilter.types(Set.of("tenth.happened")), 500);
        EventPage some = storage.readAll(0, EventFilter.types(Set.of("tenth.happened")), 3);
        EventPage none = storage.readAll(0, EventFilter.types(Set.of("x.done")), 3);

        assertThat(all.events()).hasSize(100);
        assertThat(tenths.events())
                .extracting(StoredEvent::position)
                .containsExactly(10L, 20L, 30L, 40L, 50L, 60L, 70L, 80L, 90L, 100L);
        assertThat(tenths.isLast()).isTrue();
        assertThat(some.position()).isEqualTo(30);
        assertThat(none).isEqualTo(new EventPage(List.of(), 100, 100));
    }

    @Test
    void a_reader_that_was_told_of_more_does_not_ask_the_server_what_can_be_read() throws Exception {
        StatementCounts observations = new StatementCounts(dataSource, "pg_is_in_recovery");
        PostgresEventStorage storage = open(observations.dataSource(), options);
        BulkEvents.insert(dataSource, options, 1, 10, "'thing.happened'");
        assertThat(storage.awaitVisible(10, PATIENCE)).isEqualTo(10);
        int before = observations.prepared();

        assertThat(storage.readVisible(0, EventFilter.all(), 500).events()).hasSize(10);
        assertThat(observations.prepared()).isEqualTo(before);
        assertThat(storage.readAll(0, EventFilter.all(), 500).events()).hasSize(10);
        assertThat(observations.prepared()).as("one that was not told asks").isEqualTo(before + 1);
    }

    @Test
    void readers_that_catch_up_while_events_come_miss_nothing_at_the_change_to_memory() throws Exception {
        // So little memory that readers fall out of it and come back, and so many events that all begin far behind.
        PostgresEventStorage storage =
                open(dataSource, options.withRecentBytes(20_000).withMaxPageBytes(100_000));
        BulkEvents.insert(dataSource, options, 1, 15_000, "'thing.happened'");
        List<FollowingThread> followers = new ArrayList<>();
        for (int pageSize : new int[] {1_000, 100, 37, 500}) {
            followers.add(new FollowingThread(storage, pageSize).start());
        }
        long last = 0;
        for (int i = 0; i < 600; i++) {
            last = append(storage, "live " + i % 7, 1 + i % 5);
        }

        List<StoredEvent<EventRecord>> expected = tableInOrder();
        for (FollowingThread follower : followers) {
            assertThat(follower.seenUpTo(last)).isEqualTo(expected);
        }
    }

    @Test
    void the_latest_events_take_no_more_memory_than_allowed() throws Exception {
        PostgresEventStorage storage = open(dataSource, options);
        EventReader reader = new EventReader(storage.connections(), options);
        RecentEvents recent = new RecentEvents(reader, 50_000);
        BulkEvents.insert(dataSource, options, 1, 2_000, "'thing.happened'");
        assertThat(storage.awaitVisible(2_000, PATIENCE)).isEqualTo(2_000);

        assertThat(recent.page(new PageRequest(0, EventFilter.all(), 10), 2_000))
                .isEmpty();
        assertThat(recent.bytes()).isPositive().isLessThanOrEqualTo(50_000);
        assertThat(recent.page(new PageRequest(1_999, EventFilter.all(), 10), 2_000))
                .hasValueSatisfying(page -> assertThat(page.events()).hasSize(1));
        assertThat(recent.bytes()).isPositive().isLessThanOrEqualTo(50_000);
        assertThat(new RecentEvents(reader, 0).page(new PageRequest(1_999, EventFilter.all(), 10), 2_000))
                .isEmpty();
    }

    @Test
    void pages_of_large_events_end_early() throws Exception {
        PostgresEventStorage storage =
                open(dataSource, options.withMaxPageBytes(1_000_000).withRecentBytes(0));
        long last = 0;
        for (int i = 1; i <= 40; i++) {
            TestDatabase.execute(
                    dataSource,
                    "insert into " + BulkEvents.table(options) + " " + RawWriter.COLUMNS + " values ('order', 'large', "
                            + i + ", gen_random_uuid(), 'thing.happened', 1, now(), 'c', 'c', decode(repeat('ab',"
                            + " 200000), 'hex'))");
            last = i;
        }
        assertThat(storage.awaitVisible(last, PATIENCE)).isEqualTo(last);
        long unused = storage.readAll(0, EventFilter.all(), 2).position();

        assertThat(storage.readAll(2, EventFilter.all(), 500).events()).hasSize(4);
        assertThat(Events.readAll(storage, 0)).hasSize(40);
    }

    @Test
    void a_waiter_is_woken_by_an_append_of_another_process() throws Exception {
        PostgresEventStorage writer = open(dataSource, options);
        PostgresEventStorage reader = open(dataSource, options.withPolls(NEVER, NEVER));
        Future<Long> waiting = waitBehindTheEnd(reader, 0);

        long last = append(writer, "42", 1);

        assertThat(waiting.get()).isEqualTo(last);
    }

    @Test
    void a_listener_that_is_killed_comes_back_and_looks_for_what_it_missed() throws Exception {
        PostgresEventStorage writer = open(dataSource, options);
        PostgresEventStorage reader = open(dataSource, options.withPolls(NEVER, NEVER));
        Future<Long> waiting = waitBehindTheEnd(reader, 0);
        String killed = TestDatabase.query(
                dataSource,
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where query like 'listen \"eda/"
                        + options.schema() + "%'");
        assertThat(killed).isEqualTo("1");
        long first = append(writer, "42", 1);
        assertThat(waiting.get()).isEqualTo(first);

        Future<Long> again = waitBehindTheEnd(reader, first);
        long second = append(writer, "42", 1);
        assertThat(again.get()).isEqualTo(second);
    }

    @Test
    void where_wake_ups_are_lost_polling_finds_the_event() throws Exception {
        PostgresEventStorage silent = open(dataSource, options.withWakeUps(false));
        PostgresEventStorage reader = open(dataSource, options);
        Future<Long> waiting = waitBehindTheEnd(reader, 0);

        long last = append(silent, "42", 1);

        assertThat(waiting.get()).isEqualTo(last);
        PostgresEventStorage deaf = open(dataSource, options.withWakeUps(false));
        assertThat(deaf.awaitVisible(last, PATIENCE)).isEqualTo(last);
    }

    @Test
    void a_wake_up_does_not_mean_that_everything_can_be_read() throws Exception {
        PostgresEventStorage writer = open(dataSource, options);
        PostgresEventStorage reader = open(dataSource, options);
        try (RawWriter slow = new RawWriter(dataSource, options)) {
            slow.insert("slow", 1, 1);
            long last = append(writer, "fast", 1);

            assertThat(reader.awaitVisible(last, Duration.ofMillis(300))).isZero();
            assertThat(Events.names(reader, 0)).isEmpty();
            slow.commit();
            assertThat(reader.awaitVisible(last, PATIENCE)).isEqualTo(last);
        }
        assertThat(Events.names(reader, 0)).containsExactly("slow@1", "fast@1");
    }

    @Test
    void a_pool_without_a_connection_to_spare_is_polled() throws Exception {
        try (var small = TestDatabase.pool(RealServers.postgres().jdbcUrl(), 1)) {
            PostgresEventStorage reader = open(small, options);
            Future<Long> waiting = startWaiting(reader, 1);
            long last = append(open(dataSource, options), "42", 1);

            assertThat(waiting.get()).isEqualTo(last);
            assertThat(Events.names(reader, 0)).containsExactly("42@1");
        }
    }

    @Test
    void a_closed_storage_gives_its_connections_back() throws Exception {
        try (var pool = TestDatabase.pool(RealServers.postgres().jdbcUrl(), 8)) {
            PostgresEventStorage reader = open(pool, options.withPolls(NEVER, NEVER));
            Future<Long> waiting = waitBehindTheEnd(reader, 0);
            long last = append(open(dataSource, options), "42", 1);
            assertThat(waiting.get()).isEqualTo(last);
            reader.close();

            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    private PostgresEventStorage open(DataSource from, PostgresOptions with) {
        PostgresEventStorage storage = PostgresEventStorage.create(from, with);
        opened.add(storage);
        return storage;
    }

    /** Begins to wait for the next event, and returns when the listener listens. */
    private Future<Long> waitBehindTheEnd(PostgresEventStorage reader, long position) {
        Future<Long> waiting = startWaiting(reader, position + 1);
        await().atMost(PATIENCE).until(() -> TestDatabase.query(
                        dataSource,
                        "select count(*) from pg_stat_activity where query like 'listen \"eda/" + options.schema()
                                + "%'")
                .equals("1"));
        return waiting;
    }

    private static Future<Long> startWaiting(PostgresEventStorage reader, long position) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(() -> reader.awaitVisible(position, PATIENCE));
        } finally {
            thread.shutdown();
        }
    }

    private static <T> List<T> together(int threads, Callable<T> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(Collections.nCopies(threads, task))) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdown();
        }
    }

    private List<StoredEvent<EventRecord>> tableInOrder() {
        // Without memory and in pages of another size: straight from the table.
        return Events.readAll(open(dataSource, options.withRecentBytes(0)), 0);
    }

    private static long append(PostgresEventStorage storage, String aggregateId, int count) {
        return storage.append(Events.append(aggregateId, ExpectedVersion.any(), count))
                .lastPosition();
    }
}

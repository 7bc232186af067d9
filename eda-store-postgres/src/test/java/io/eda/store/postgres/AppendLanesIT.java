package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventStorageException;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import io.eda.store.StoredEvent;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class AppendLanesIT {

    private final PostgresOptions options = TestDatabase.freshSchema();

    @Test
    void many_callers_share_statements_and_each_gets_its_own_answer() throws Exception {
        try (var storage = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            List<CompletableFuture<AppendResult>> answers = IntStream.range(0, 500)
                    .mapToObj(i -> storage.appendAsync(Events.append("a" + i, ExpectedVersion.noEvents(), 1 + i % 3)))
                    .toList();
            Set<Long> positions = new HashSet<>();
            for (int i = 0; i < answers.size(); i++) {
                AppendResult answer = answers.get(i).join();
                assertThat(answer.lastVersion()).isEqualTo(1 + i % 3);
                assertThat(storage.readAggregate(AggregateId.of("order", "a" + i), 1, 10))
                        .last()
                        .extracting(StoredEvent::position)
                        .isEqualTo(answer.lastPosition());
                positions.add(answer.lastPosition());
            }
            assertThat(positions).hasSize(500);
            assertThat(transactions()).isLessThan(250);
        }
    }

    @Test
    void a_conflict_in_a_batch_fails_alone() {
        try (var storage = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            List<CompletableFuture<AppendResult>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> storage.appendAsync(
                            Events.append("a" + i, ExpectedVersion.exactly(i % 10 == 0 ? 7 : 0), 2)))
                    .toList();
            for (int i = 0; i < 200; i++) {
                CompletableFuture<AppendResult> answer = answers.get(i);
                if (i % 10 == 0) {
                    assertThatThrownBy(answer::join).hasCauseInstanceOf(ConcurrencyConflictException.class);
                } else {
                    assertThat(answer.join().lastVersion()).isEqualTo(2);
                }
                assertThat(storage.readAggregate(AggregateId.of("order", "a" + i), 1, 10))
                        .hasSize(i % 10 == 0 ? 0 : 2);
            }
        }
    }

    @Test
    void a_collision_with_another_writer_fails_its_own_request_alone() throws Exception {
        try (var storage = PostgresEventStorage.create(TestDatabase.dataSource(), options);
                var other = new RawWriter(TestDatabase.dataSource(), options)) {
            other.insert("a5", 1, 1);
            List<CompletableFuture<AppendResult>> answers = IntStream.range(0, 100)
                    .mapToObj(i -> storage.appendAsync(Events.append("a" + i, ExpectedVersion.noEvents(), 1)))
                    .toList();
            other.commit();
            for (int i = 0; i < 100; i++) {
                CompletableFuture<AppendResult> answer = answers.get(i);
                if (i == 5) {
                    assertThatThrownBy(answer::join).hasCauseInstanceOf(ConcurrencyConflictException.class);
                } else {
                    assertThat(answer.join().lastVersion()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void a_request_that_the_server_refuses_fails_alone() throws Exception {
        try (var storage = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            TestDatabase.execute(
                    TestDatabase.dataSource(),
                    "alter table \"" + options.schema() + "\".events add check (correlation_id <> 'poison')");
            List<CompletableFuture<AppendResult>> answers = IntStream.range(0, 100)
                    .mapToObj(i -> storage.appendAsync(new Append(
                            AggregateId.of("order", "a" + i),
                            ExpectedVersion.noEvents(),
                            List.of(event(i == 42 ? "poison" : "fine", new byte[] {1})))))
                    .toList();
            for (int i = 0; i < 100; i++) {
                CompletableFuture<AppendResult> answer = answers.get(i);
                if (i == 42) {
                    assertThatThrownBy(answer::join).hasCauseInstanceOf(EventStorageException.class);
                } else {
                    assertThat(answer.join().lastVersion()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void appends_to_one_aggregate_that_follow_each_other_take_effect_in_that_order() {
        try (var storage = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            List<CompletableFuture<AppendResult>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> storage.appendAsync(Events.append("one", ExpectedVersion.exactly(i), 1)))
                    .toList();
            for (int i = 0; i < 200; i++) {
                assertThat(answers.get(i).join().lastVersion()).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void opposing_batches_of_two_nodes_do_not_deadlock() throws Exception {
        try (var here = PostgresEventStorage.create(TestDatabase.dataSource(), options);
                var there = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            long before = deadlocks();
            ExecutorService callers = Executors.newFixedThreadPool(32);
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < 32; caller++) {
                var mine = caller % 2 == 0 ? here : there;
                Random random = new Random(caller);
                all.add(callers.submit(() -> {
                    for (int n = 0; n < 100; n++) {
                        mine.append(Events.append("hot-" + random.nextInt(24), ExpectedVersion.any(), 1));
                    }
                    return null;
                }));
            }
            for (Future<?> caller : all) {
                caller.get();
            }
            callers.shutdown();
            assertThat(Events.readAll(here, 0)).hasSize(3_200);
            assertThat(deadlocks()).isEqualTo(before);
        }
    }

    @Test
    void of_terminated_sessions_no_append_is_lost_or_stored_twice() throws Exception {
        try (var storage = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            AtomicBoolean isOver = new AtomicBoolean();
            Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
            ExecutorService callers = Executors.newFixedThreadPool(17);
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < 16; caller++) {
                String aggregate = "a" + caller % 8;
                all.add(callers.submit(() -> {
                    while (!isOver.get()) {
                        NewEvent event = event("talk", new byte[] {1});
                        storage.append(
                                new Append(AggregateId.of("order", aggregate), ExpectedVersion.any(), List.of(event)));
                        acknowledged.add(event.eventId());
                    }
                    return null;
                }));
            }
            for (int round = 0; round < 20; round++) {
                int enough = acknowledged.size() + 50;
                await().until(() -> acknowledged.size() > enough);
                TestDatabase.execute(
                        TestDatabase.dataSource(),
                        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and query like '%"
                                + options.schema() + "%'");
            }
            isOver.set(true);
            for (Future<?> caller : all) {
                caller.get();
            }
            callers.shutdown();
            List<UUID> stored = Events.readAll(storage, 0).stream()
                    .map(event -> event.event().eventId())
                    .toList();
            assertThat(stored).doesNotHaveDuplicates();
            assertThat(new HashSet<>(stored)).isEqualTo(acknowledged);
        }
    }

    @Test
    void a_frozen_server_costs_callers_their_deadline_and_not_more_and_nothing_acknowledged() throws Exception {
        try (PostgresServer server = RealServers.dedicatedPostgres();
                HikariDataSource pool = TestDatabase.pool(server.jdbcUrl(), 8);
                var storage = PostgresEventStorage.create(
                        pool,
                        options.withDeadlines(Duration.ofSeconds(1), Duration.ofSeconds(2))
                                .withMaxWaiting(20, 1 << 20))) {
            storage.append(Events.append("before", ExpectedVersion.noEvents(), 1));
            server.freeze();
            ExecutorService callers = Executors.newFixedThreadPool(40);
            List<Future<Throwable>> all = IntStream.range(0, 40)
                    .mapToObj(i -> callers.submit(() ->
                            failureOf(() -> storage.append(Events.append("a" + i, ExpectedVersion.noEvents(), 1)))))
                    .toList();
            for (Future<Throwable> caller : all) {
                assertThat(caller.get()).isInstanceOf(EventStorageException.class);
            }
            callers.shutdown();
            server.thaw();
            await().ignoreExceptions()
                    .until(() -> storage.append(Events.append("after", ExpectedVersion.any(), 1))
                                    .lastVersion()
                            > 0);
        }
    }

    @Test
    void closing_waits_for_what_was_accepted_and_refuses_the_rest() {
        var storage = PostgresEventStorage.create(TestDatabase.dataSource(), options);
        List<CompletableFuture<AppendResult>> accepted = IntStream.range(0, 300)
                .mapToObj(i -> storage.appendAsync(Events.append("a" + i, ExpectedVersion.noEvents(), 1)))
                .toList();
        storage.close();
        storage.close();
        assertThat(accepted).allSatisfy(answer -> assertThat(answer).isCompleted());
        assertThatThrownBy(() -> storage.append(Events.append("late", ExpectedVersion.noEvents(), 1)))
                .isInstanceOf(EventStorageException.class)
                .hasMessageContaining("closed");
        assertThat(storage.appendAsync(Events.append("late", ExpectedVersion.noEvents(), 1)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(EventStorageException.class)
                .withMessageContaining("closed");
        assertThat(storage.readAggregate(AggregateId.of("order", "late"), 1, 1)).isEmpty();
    }

    @Test
    void large_appends_pass_and_are_not_batched_beyond_the_limit() {
        try (var storage = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            byte[] large = new byte[3 << 20];
            new Random(7).nextBytes(large);
            List<CompletableFuture<AppendResult>> answers = IntStream.range(0, 6)
                    .mapToObj(i -> storage.appendAsync(new Append(
                            AggregateId.of("order", "large" + i),
                            ExpectedVersion.noEvents(),
                            List.of(event("talk", large)))))
                    .toList();
            answers.forEach(CompletableFuture::join);
            EventRecord read = storage.readAggregate(AggregateId.of("order", "large5"), 1, 1)
                    .get(0)
                    .event();
            assertThat(read.data()).isEqualTo(large);
        }
    }

    private static NewEvent event(String correlationId, byte[] data) {
        return new NewEvent(
                UUID.randomUUID(),
                EventType.of("thing.happened"),
                Instant.now(),
                correlationId,
                "cause",
                data,
                Metadata.empty());
    }

    private static Throwable failureOf(Runnable action) {
        try {
            action.run();
            return new AssertionError("no failure");
        } catch (CompletionException e) {
            return e.getCause();
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** Rows of one statement share the transaction that wrote them. */
    private long transactions() throws Exception {
        return Long.parseLong(TestDatabase.query(
                TestDatabase.dataSource(),
                "select count(distinct xmin::text) from \"" + options.schema() + "\".events"));
    }

    private static long deadlocks() throws Exception {
        return Long.parseLong(TestDatabase.query(
                TestDatabase.dataSource(),
                "select deadlocks from pg_stat_database where datname = current_database()"));
    }
}

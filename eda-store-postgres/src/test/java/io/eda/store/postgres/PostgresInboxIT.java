package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.store.EventStorageException;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class PostgresInboxIT {

    private static final Duration WEEK = Duration.ofDays(7);

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();
    private final ExecutorService threads = Executors.newFixedThreadPool(16);
    private PostgresInbox inbox;

    @BeforeEach
    void open() throws SQLException {
        inbox = PostgresInbox.create(dataSource, options, WEEK);
        TestDatabase.execute(dataSource, "create table " + options.schema() + ".effects (event_id uuid)");
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void an_event_that_comes_again_has_no_second_effect() throws Exception {
        Event<?> event = event(Instant.now());

        assertThat(inbox.handle("mail", event, effect(event))).isTrue();
        assertThat(inbox.handle("mail", event, effect(event))).isFalse();

        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void each_group_handles_it_once() throws Exception {
        Event<?> event = event(Instant.now());
        for (String group : List.of("mail", "Mail", "größe 注文 '\";--")) {
            assertThat(inbox.handle(group, event, effect(event))).isTrue();
            assertThat(inbox.handle(group, event, effect(event))).isFalse();
        }
        assertThat(effects()).isEqualTo(3);
    }

    @Test
    void what_fails_leaves_neither_an_effect_nor_a_memory() throws Exception {
        Event<?> event = event(Instant.now());
        Exception failure = new Exception("the stock refuses");

        assertThatThrownBy(() -> inbox.handle("mail", event, connection -> {
                    effect(event).run(connection);
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(effects()).isZero();

        assertThat(inbox.handle("mail", event, effect(event))).isTrue();
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void a_work_that_swallows_an_error_of_the_database_is_not_taken_for_done() throws Exception {
        Event<?> event = event(Instant.now());

        assertThatThrownBy(() -> inbox.handle("mail", event, connection -> {
                    effect(event).run(connection);
                    assertThatThrownBy(() -> execute(connection, "select 1 / 0"))
                            .isInstanceOf(SQLException.class);
                }))
                .isInstanceOf(EventStorageException.class)
                .hasMessageContaining(event.eventId().toString());

        assertThat(effects()).isZero();
        assertThat(inbox.handle("mail", event, effect(event))).isTrue();
    }

    @Test
    void a_work_cannot_end_the_transaction() throws Exception {
        Event<?> event = event(Instant.now());

        assertThatThrownBy(() -> inbox.handle("mail", event, Connection::commit))
                .isInstanceOf(IllegalStateException.class);

        assertThat(inbox.handle("mail", event, effect(event))).isTrue();
    }

    @Test
    void of_many_deliveries_at_once_one_has_the_effect_and_the_others_wait_for_it() throws Exception {
        for (int round = 0; round < 10; round++) {
            Event<?> event = event(Instant.now());
            CountDownLatch together = new CountDownLatch(8);
            List<Future<Boolean>> deliveries = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                deliveries.add(threads.submit(() -> {
                    together.countDown();
                    together.await();
                    return inbox.handle("mail", event, effect(event));
                }));
            }
            int handled = 0;
            for (Future<Boolean> delivery : deliveries) {
                handled += delivery.get() ? 1 : 0;
            }
            assertThat(handled).isEqualTo(1);
            assertThat(effects()).isEqualTo(round + 1);
        }
    }

    @Test
    void a_delivery_that_waits_has_the_effect_when_the_first_one_rolls_back() throws Exception {
        Event<?> event = event(Instant.now());
        CountDownLatch isInside = new CountDownLatch(1);
        CountDownLatch mayFail = new CountDownLatch(1);
        Future<Boolean> first = threads.submit(() -> inbox.handle("mail", event, connection -> {
            isInside.countDown();
            mayFail.await();
            throw new IllegalStateException("crashed");
        }));
        isInside.await();
        Future<Boolean> second = threads.submit(() -> inbox.handle("mail", event, effect(event)));
        await("it waits").atMost(Duration.ofSeconds(30)).until(() -> TestDatabase.query(
                        dataSource,
                        "select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid where not l.granted"
                                + " and a.query like '%" + options.schema() + "%inbox%'")
                .equals("1"));
        mayFail.countDown();

        assertThat(second.get()).isTrue();
        assertThatThrownBy(first::get).hasMessageContaining("crashed");
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void an_answer_that_is_lost_at_the_commit_is_found_out_by_the_next_delivery() throws Exception {
        try (TcpProxy proxy = TcpProxy.to("127.0.0.1", RealServers.postgres().port())) {
            String url = RealServers.postgres()
                    .jdbcUrl()
                    .replace(":" + RealServers.postgres().port() + "/", ":" + proxy.port() + "/");
            PostgresInbox far = PostgresInbox.create(TestDatabase.unpooled(url), options, WEEK);
            Event<?> event = event(Instant.now());

            assertThatThrownBy(() -> far.handle("mail", event, connection -> {
                        effect(event).run(connection);
                        cutAfterTheNextStatement(proxy);
                    }))
                    .isInstanceOf(EventStorageException.class);
            proxy.restore();

            boolean isNew = far.handle("mail", event, effect(event));
            assertThat(effects()).isEqualTo(1);
            assertThat(isNew)
                    .as("the commit had arrived before the answer was lost")
                    .isFalse();
        }
    }

    @Test
    void an_event_stands_in_the_partition_of_its_own_day_whenever_it_is_delivered() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (int age : new int[] {-3, 0, 1, 7}) {
            Event<?> event = event(today.minusDays(age).atStartOfDay().toInstant(ZoneOffset.UTC));
            assertThat(inbox.handle("mail", event, effect(event))).isTrue();
            assertThat(inbox.handle("mail", event, effect(event))).isFalse();
            assertThat(count(partition(today.minusDays(age)))).isEqualTo(1);
        }
        assertThat(count("inbox_other_days")).isZero();
    }

    @Test
    void events_of_any_age_are_handled_once_though_their_day_has_no_partition() throws Exception {
        for (String time : List.of("2001-02-03T04:05:06Z", "-0500-01-01T00:00:00Z", "+12000-01-01T00:00:00Z")) {
            Event<?> event = event(Instant.parse(time));
            assertThat(inbox.handle("mail", event, effect(event))).isTrue();
            assertThat(inbox.handle("mail", event, effect(event))).isFalse();
        }
        assertThat(count("inbox_other_days")).isEqualTo(3);
    }

    @Test
    void a_day_is_dropped_when_the_last_of_its_events_was_handled_longer_ago_than_the_retention() throws Exception {
        PostgresOptions other = TestDatabase.freshSchema();
        LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(20);
        Event<?> event = event(day.atStartOfDay().toInstant(ZoneOffset.UTC));
        PostgresInbox.create(dataSource, other, Duration.ofDays(30)).handle("mail", event, connection -> {});

        PostgresInbox week = PostgresInbox.create(dataSource, other, WEEK);
        assertThat(week.handle("mail", event, connection -> {}))
                .as("handled late, and remembered from then on")
                .isFalse();
        TestDatabase.execute(
                dataSource, "update " + other.schema() + ".inbox set handled_at = handled_at - interval '8 days'");
        week.maintain();

        assertThat(TestDatabase.query(
                        dataSource, "select to_regclass('" + other.schema() + "." + partition(day) + "') is null"))
                .isEqualTo("t");
        assertThat(week.handle("mail", event, connection -> {})).isTrue();
    }

    @Test
    void what_stands_in_the_default_partition_is_forgotten_row_by_row() throws Exception {
        inbox.handle("mail", event(Instant.parse("2001-02-03T04:05:06Z")), connection -> {});
        TestDatabase.execute(
                dataSource, "update " + options.schema() + ".inbox set handled_at = handled_at - interval '8 days'");
        inbox.handle("mail", event(Instant.parse("2001-02-03T04:05:06Z")), connection -> {});

        inbox.maintain();

        assertThat(count("inbox_other_days")).isEqualTo(1);
    }

    @Test
    void a_day_that_the_default_partition_has_begun_stays_there() throws Exception {
        LocalDate tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1);
        TestDatabase.execute(dataSource, "drop table " + options.schema() + "." + partition(tomorrow));
        Event<?> event = event(tomorrow.atStartOfDay().toInstant(ZoneOffset.UTC));
        assertThat(inbox.handle("mail", event, effect(event))).isTrue();

        inbox.maintain();

        assertThat(inbox.handle("mail", event, effect(event))).isFalse();
        assertThat(count("inbox_other_days")).isEqualTo(1);
    }

    @Test
    void looking_after_the_partitions_gives_way_to_a_handler_that_takes_long() throws Exception {
        LocalDate tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1);
        TestDatabase.execute(dataSource, "drop table " + options.schema() + "." + partition(tomorrow));

        // It holds the default partition, into which whoever adds a partition has to look.
        inbox.handle("mail", event(Instant.parse("2001-02-03T04:05:06Z")), connection -> {
            Future<Boolean> meanwhile = threads.submit(() -> {
                inbox.maintain();
                return inbox.handle("mail", event(Instant.now()), c -> {});
            });
            assertThat(meanwhile.get()).isTrue();
            assertThat(exists(tomorrow)).isFalse();
        });

        inbox.maintain();
        assertThat(exists(tomorrow)).isTrue();
    }

    @Test
    void ten_starters_at_once_create_it_together() throws Exception {
        PostgresOptions fresh = TestDatabase.freshSchema();
        CountDownLatch together = new CountDownLatch(10);
        List<Future<PostgresInbox>> starters = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            starters.add(threads.submit(() -> {
                together.countDown();
                together.await();
                return PostgresInbox.create(dataSource, fresh, WEEK);
            }));
        }
        Event<?> event = event(Instant.now());
        int handled = 0;
        for (Future<PostgresInbox> starter : starters) {
            handled += starter.get().handle("mail", event, connection -> {}) ? 1 : 0;
        }
        assertThat(handled).isEqualTo(1);
        assertThat(TestDatabase.query(
                        dataSource,
                        "select count(*) from pg_inherits where inhparent = '" + fresh.schema() + ".inbox'::regclass"))
                .as("the week, today, three days ahead, the eve of the week, and the default")
                .isEqualTo("13");
    }

    @Test
    void a_role_that_may_only_read_and_insert_can_handle_events_and_is_told_who_must_look_after_the_partitions()
            throws Exception {
        String role = "role_" + options.schema();
        TestDatabase.execute(
                dataSource,
                "create role %1$s login; grant usage on schema %2$s to %1$s; grant select on %2$s.schema_steps to %1$s; grant select, insert on %2$s.inbox to %1$s; drop table %2$s.%3$s"
                        .formatted(
                                role,
                                options.schema(),
                                partition(LocalDate.now(ZoneOffset.UTC).plusDays(2))));
        var asRole = TestDatabase.unpooled(RealServers.postgres().jdbcUrl());
        asRole.setUser(role);
        Event<?> event = event(Instant.now());

        PostgresInbox limited = PostgresInbox.create(asRole, options, WEEK);
        assertThat(limited.handle("mail", event, connection -> {})).isTrue();
        assertThat(limited.handle("mail", event, connection -> {})).isFalse();

        assertThatThrownBy(limited::maintain)
                .isInstanceOf(EventStorageException.class)
                .hasMessageContaining("permission denied");
    }

    @Test
    void a_retention_that_cannot_work_is_refused() {
        assertThatThrownBy(() -> PostgresInbox.create(dataSource, options, Duration.ZERO))
                .hasMessageContaining("1 second to 366 days");
        assertThatThrownBy(() -> PostgresInbox.create(dataSource, options, Duration.ofDays(367)))
                .hasMessageContaining("1 second to 366 days");
    }

    /** The COMMIT gets through, its answer does not. */
    private void cutAfterTheNextStatement(TcpProxy proxy) {
        proxy.stall(TcpProxy.Direction.TO_CLIENT);
        var unused = threads.submit(() -> {
            await().atMost(Duration.ofSeconds(30)).until(() -> effects() == 1);
            proxy.cut();
            return proxy;
        });
    }

    private PostgresInbox.Work effect(Event<?> event) {
        return connection ->
                execute(connection, "insert into " + options.schema() + ".effects values ('" + event.eventId() + "')");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int effects() throws SQLException {
        return count("effects");
    }

    private int count(String table) throws SQLException {
        return Integer.parseInt(
                TestDatabase.query(dataSource, "select count(*) from " + options.schema() + "." + table));
    }

    private boolean exists(LocalDate day) throws SQLException {
        String table = options.schema() + "." + partition(day);
        return TestDatabase.query(dataSource, "select to_regclass('" + table + "') is not null")
                .equals("t");
    }

    private static String partition(LocalDate day) {
        return "inbox_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
    }

    private static Event<String> event(Instant timestamp) {
        return new Event<>(
                UUID.randomUUID(),
                EventType.of("thing.happened"),
                timestamp,
                "conversation",
                "cause",
                AggregateId.of("order", "42"),
                1,
                "data",
                Metadata.empty());
    }
}

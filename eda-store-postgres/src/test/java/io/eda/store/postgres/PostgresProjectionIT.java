package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.event.AggregateId;
import io.eda.projection.EventNotHandledException;
import io.eda.projection.FailedEvent;
import io.eda.projection.FollowOptions;
import io.eda.projection.OnFailure;
import io.eda.projection.ProjectionRunner;
import io.eda.retry.Backoff;
import io.eda.store.EventStore;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.TcpProxy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a projection into PostgreSQL does with statements that fail, and with a database that does. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(90)
final class PostgresProjectionIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Backoff QUICK = new Backoff(Duration.ofMillis(5), Duration.ofMillis(50));

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();
    private PostgresEventStorage storage;
    private EventStore store;
    private PostgresCheckpointStore checkpoints;

    @BeforeEach
    void open() throws SQLException {
        storage = PostgresEventStorage.create(dataSource, options);
        store = Tally.store(storage);
        checkpoints = PostgresCheckpointStore.create(dataSource, options);
        Tally.createTable(dataSource, options.schema());
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void of_a_page_whose_batch_fails_only_the_event_that_failed_is_parked() throws Exception {
        refuseSumsOf(13);
        for (int i = 0; i < 100; i++) {
            Tally.append(store, "a" + i % 50, 1);
        }
        long poison = Tally.append(store, "poor", 13);
        for (int i = 0; i < 100; i++) {
            Tally.append(store, i % 10 == 0 ? "poor" : "b" + i, 1);
        }
        long last = Tally.append(store, "end", 1);
        try (var runner = run(OnFailure.PARK_KEY)) {
            runner.awaitPosition(last, SOON);

            Map<String, Tally.Row> rows = Tally.rows(dataSource, options.schema());
            assertThat(rows).hasSize(50 + 90 + 1).doesNotContainKey("poor");
            assertThat(rows.values())
                    .allSatisfy(row -> assertThat(row.outOfOrder()).isZero());
            FailedEvent first = runner.parked().list(0, 1).get(0);
            assertThat(first.position()).isEqualTo(poison);
            assertThat(first.attempts()).isEqualTo(2);
            assertThat(first.error()).contains("tally_refuses");
            assertThat(runner.parked().list(poison, 100)).hasSize(10).allSatisfy(behind -> assertThat(behind.isFirst())
                    .isFalse());

            AggregateId poor = AggregateId.of("thing", "poor");
            assertThatThrownBy(() -> runner.parked().replay(poor))
                    .isInstanceOf(EventNotHandledException.class)
                    .hasMessageContaining("position " + poison);
            assertThat(runner.parked().list(0, 100)).hasSize(11);
            TestDatabase.execute(
                    dataSource, "alter table " + options.schema() + ".tally drop constraint tally_refuses");
            assertThat(runner.parked().replay(poor)).isEqualTo(11);
            assertThat(checkpoints.position("tally")).isGreaterThanOrEqualTo(last);
            Tally.assertEqualsFold(dataSource, options.schema(), storage);
        }
    }

    @Test
    void a_failing_statement_is_told_with_the_event_that_it_belongs_to() throws Exception {
        refuseSumsOf(13);
        Tally.append(store, "rich", 1);
        long poison = Tally.append(store, "poor", 13);
        Tally.append(store, "rich", 1);
        try (var runner = run(OnFailure.PAUSE)) {
            await().atMost(SOON).until(() -> runner.progress().failure().isPresent());
            assertThat(runner.progress().failure().orElseThrow())
                    .hasMessageContaining("thing/poor")
                    .hasMessageContaining("position " + poison)
                    .hasMessageContaining("tally_refuses");
            assertThat(Tally.rows(dataSource, options.schema())).containsOnlyKeys("rich");
            assertThat(checkpoints.position("tally")).isEqualTo(poison - 1);
        }
    }

    @Test
    void a_failure_of_the_database_is_waited_for_and_nothing_is_parked() throws Exception {
        var given = RealServers.postgres();
        try (TcpProxy proxy = TcpProxy.to(given.host(), given.port());
                var pool = TestDatabase.pool(
                        given.jdbcUrl().replace(":" + given.port() + "/", ":" + proxy.port() + "/"), 10)) {
            var there = PostgresCheckpointStore.create(pool, options);
            try (var runner = ProjectionRunner.of(
                            Tally.projection(options.schema(), (event, context) -> {}),
                            Tally.store(PostgresEventStorage.create(pool, options)),
                            there,
                            failing(OnFailure.PARK_KEY))
                    .start()) {
                runner.awaitPosition(Tally.append(store, "ada", 1), SOON);
                proxy.refuse();
                long last = Tally.append(store, "ada", 2);
                await().atMost(SOON).until(() -> runner.progress().failure().isPresent());
                proxy.restore();
                runner.awaitPosition(last, SOON);
                assertThat(runner.parked().list(0, 10)).isEmpty();
            }
        }
        Tally.assertEqualsFold(dataSource, options.schema(), storage);
    }

    @Test
    void collected_statements_take_effect_in_the_order_of_their_calls() throws Exception {
        checkpoints.run(context -> {
            String insert = "insert into " + options.schema() + ".tally values (?, 1, 1, 1, 0)";
            String delete = "delete from " + options.schema() + ".tally where id = ?";
            context.execute(insert, "a");
            context.execute(delete, "a");
            context.execute(insert, "a");
            context.execute(insert, "b");
            context.execute(delete, "b");
        });
        assertThat(Tally.rows(dataSource, options.schema())).containsOnlyKeys("a");
    }

    @Test
    void statements_for_one_row_keep_their_order_however_rows_are_collected() throws Exception {
        String insert = "insert into " + options.schema() + ".tally values (?, 0, 0, 0, 0)";
        String grow = "update " + options.schema() + ".tally set sum = sum + 1 where id = ?";
        String twice = "update " + options.schema() + ".tally set sum = sum * 2 where id = ?";
        checkpoints.run(context -> {
            for (int row = 0; row < 900; row++) {
                context.executeForRow(row, insert, "r" + row);
                context.executeForRow(row, grow, "r" + row);
                context.executeForRow(row, twice, "r" + row);
                context.executeForRow(row, grow, "r" + row);
            }
            context.execute("update " + options.schema() + ".tally set sum = sum * 10");
            context.executeForRow(7, grow, "r7");
        });
        Map<String, Tally.Row> rows = Tally.rows(dataSource, options.schema());
        assertThat(rows).hasSize(900);
        assertThat(rows.remove("r7").sum()).isEqualTo(31);
        assertThat(rows.values()).allSatisfy(row -> assertThat(row.sum()).isEqualTo(30));
    }

    @Test
    void the_connection_sees_what_was_collected_before() throws Exception {
        checkpoints.run(context -> {
            context.execute("insert into " + options.schema() + ".tally values ('a', 1, 1, 1, 0)");
            try (Statement statement = context.connection().createStatement();
                    ResultSet row = statement.executeQuery("select count(*) from " + options.schema() + ".tally")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(1);
            }
        });
        assertThat(Tally.rows(dataSource, options.schema())).containsOnlyKeys("a");
    }

    private void refuseSumsOf(int sum) throws SQLException {
        TestDatabase.execute(
                dataSource,
                "alter table " + options.schema() + ".tally add constraint tally_refuses check (sum <> " + sum + ")");
    }

    private ProjectionRunner<PostgresContext> run(OnFailure onFailure) {
        return ProjectionRunner.of(
                        Tally.projection(options.schema(), (event, context) -> {}),
                        store,
                        checkpoints,
                        failing(onFailure))
                .start();
    }

    private static FollowOptions failing(OnFailure onFailure) {
        return FollowOptions.defaults().withFailures(2, QUICK, onFailure);
    }
}

package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FollowOptions;
import io.eda.projection.OnFailure;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.retry.Backoff;
import io.eda.store.EventStore;
import io.eda.testkit.servers.RealServers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In how many round trips collected statements go, and whose error is whose. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(90)
final class PostgresContextIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int COMMIT = 1;

    private final PostgresOptions options = TestDatabase.freshSchema();
    private final String counter = UUID.randomUUID().toString();
    private final String table = options.schema() + ".tally";
    private final String insert = "insert into " + table + " values (?, 0, 0, 0, 0) on conflict (id) do nothing";
    private final String grow = "update " + table + " set sum = sum + 1 where id = ? -- by one";
    private final String twice = "update " + table + " set sum = sum * 2 where id = ?;";

    private HikariDataSource pool;
    private PostgresCheckpointStore checkpoints;

    @BeforeEach
    void open() throws Exception {
        pool = TestDatabase.pool(RoundTrips.counted(RealServers.postgres().jdbcUrl(), counter), 1);
        checkpoints = PostgresCheckpointStore.create(pool, options);
        Tally.createTable(pool, options.schema());
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void statements_for_rows_go_in_as_many_round_trips_as_they_have_texts_however_they_mix() throws Exception {
        int trips = roundTrips(context -> {
            for (int row = 0; row < 60; row++) {
                context.executeForRow(row, insert, "r" + row);
                context.executeForRow(row, grow, "r" + row);
                context.executeForRow(row, twice, "r" + row);
            }
        });
        assertThat(trips).isEqualTo(3 + COMMIT);
    }

    @Test
    void neighbours_of_one_text_go_in_one_round_trip() throws Exception {
        int trips = roundTrips(context -> {
            for (int row = 0; row < 100; row++) {
                context.execute(insert, "r" + row);
            }
        });
        assertThat(trips).isEqualTo(1 + COMMIT);
    }

    @Test
    void statements_of_changing_texts_go_twelve_in_a_round_trip_and_keep_their_order() throws Exception {
        int trips = roundTrips(context -> {
            context.execute("delete from " + table);
            for (int row = 0; row < 30; row++) {
                String id = "r" + row % 10;
                context.execute(insert, id);
                context.execute(grow, id);
                context.execute(twice, id);
                context.execute(grow, id);
            }
        });
        // One delete and 120 statements.
        assertThat(trips).isEqualTo(11 + COMMIT);
        Map<String, Tally.Row> rows = Tally.rows(pool, options.schema());
        assertThat(rows).hasSize(10);
        // Three times plus one, twice, plus one: 3, 9, 21.
        assertThat(rows.values()).allSatisfy(row -> assertThat(row.sum()).isEqualTo(21));
    }

    @Test
    void of_statements_that_went_together_the_event_of_the_one_that_failed_is_parked_alone() throws Exception {
        TestDatabase.execute(pool, "alter table " + table + " add constraint tally_refuses check (sum <> 13)");
        try (HikariDataSource more = TestDatabase.pool(RealServers.postgres().jdbcUrl(), 6);
                PostgresEventStorage storage = PostgresEventStorage.create(more, options)) {
            EventStore store = Tally.store(storage);
            for (int i = 1; i < 30; i++) {
                Tally.append(store, "a" + i, i);
            }
            long last = Tally.append(store, "end", 100);
            String set = "update " + table + " set sum = ?, events = 1 where id = ?";
            Projection<PostgresContext> projection = Projection.<PostgresContext>named("mixed")
                    .on(Tally.Counted.class, (event, context) -> {
                        context.execute(insert, event.aggregateId().id());
                        context.execute(
                                set, event.data().amount(), event.aggregateId().id());
                    })
                    .build();
            FollowOptions parking = FollowOptions.defaults()
                    .withFailures(2, new Backoff(Duration.ofMillis(5), Duration.ofMillis(20)), OnFailure.PARK_KEY);
            try (var runner = ProjectionRunner.of(
                            projection, store, PostgresCheckpointStore.create(more, options), parking)
                    .start()) {
                runner.awaitPosition(last, SOON);
                assertThat(runner.parked().list(0, 10)).singleElement().satisfies(failed -> {
                    assertThat(failed.aggregateId().id()).isEqualTo("a13");
                    assertThat(failed.error()).contains("tally_refuses");
                });
            }
        }
        assertThat(Tally.rows(pool, options.schema())).hasSize(29).doesNotContainKey("a13");
    }

    /** Returns in how many round trips the work goes, commit included, once its texts are known to the driver. */
    private int roundTrips(CheckpointStore.Work<PostgresContext> work) throws Exception {
        int before = 0;
        for (int i = 0; i < 8; i++) {
            before = RoundTrips.counterOf(counter).get();
            checkpoints.run(work);
        }
        return RoundTrips.counterOf(counter).get() - before;
    }
}

package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.projection.FollowOptions;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.projection.Rebuild;
import io.eda.store.EventStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table that is built again beside the live one, and takes its place by its name. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(90)
final class RebuildIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final FollowOptions OPTIONS = FollowOptions.defaults().withPageSize(50);

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();
    private final String table = options.schema() + ".tally";

    @Test
    void it_takes_over_in_one_transaction_while_events_come() throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(dataSource, options)) {
            EventStore store = Tally.store(storage);
            PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(dataSource, options);
            Tally.createTable(dataSource, options.schema());
            for (int i = 0; i < 500; i++) {
                Tally.append(store, "a" + i % 10, i);
            }
            Projection<PostgresContext> live = Tally.projection(options.schema(), (event, context) -> {});
            AtomicBoolean isOn = new AtomicBoolean(true);
            Thread writer = new Thread(() -> {
                for (int i = 0; isOn.get(); i++) {
                    Tally.append(store, "a" + i % 10, i);
                }
            });
            try (var runner =
                    ProjectionRunner.of(live, store, checkpoints, OPTIONS).start()) {
                runner.awaitPosition(500, SOON);
                TestDatabase.execute(dataSource, "update " + table + " set out_of_order = 1000000");
                TestDatabase.execute(dataSource, "create table " + table + "_2 (like " + table + " including all)");
                writer.start();
                try (var rebuild = Rebuild.start(live, next(), store, checkpoints, OPTIONS)) {
                    assertThatThrownBy(() -> rebuild.takeOver(
                                    context -> {
                                        swap(context);
                                        throw new SQLException("the operator's mistake");
                                    },
                                    SOON))
                            .hasMessage("the operator's mistake");
                    assertThat(Tally.rows(dataSource, options.schema())
                                    .get("a1")
                                    .outOfOrder())
                            .isGreaterThanOrEqualTo(1_000_000);
                }
                try (var rebuild = Rebuild.start(live, next(), store, checkpoints, OPTIONS)) {
                    rebuild.takeOver(this::swap, SOON);
                } finally {
                    isOn.set(false);
                    writer.join();
                }
                runner.awaitPosition(Tally.append(store, "a0", 1), SOON);
            }
            Tally.assertEqualsFold(dataSource, options.schema(), storage);
        }
    }

    private void swap(PostgresContext context) throws SQLException {
        context.execute("alter table " + table + " rename to tally_old");
        context.execute("alter table " + table + "_2 rename to tally");
        context.execute("drop table " + table + "_old");
    }

    /** The same projection into a table of its own. */
    private Projection<PostgresContext> next() {
        String sql = "insert into " + table + "_2 as t values (?, 1, ?, ?, 0) on conflict (id) do update set events ="
                + " t.events + 1, sum = t.sum + excluded.sum, last_version = excluded.last_version, out_of_order ="
                + " t.out_of_order + case when t.last_version + 1 = excluded.last_version then 0 else 1 end";
        return Projection.<PostgresContext>named("tally-2")
                .on(
                        Tally.Counted.class,
                        (event, context) -> context.execute(
                                sql, event.aggregateId().id(), event.data().amount(), event.aggregateVersion()))
                .clearedBy(context -> context.execute("delete from " + table + "_2"))
                .build();
    }
}

package io.eda.samples.docs;

import io.eda.event.AggregateId;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FollowOptions;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.projection.Rebuild;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresContext;
import java.time.Duration;
import javax.sql.DataSource;

/** The code of {@code docs/guides/projections.md}. */
final class ProjectionsGuide {

    record MoneyDeposited(long cents) {}

    static final Projection<PostgresContext> BALANCES = Projection.<PostgresContext>named("balances")
            .on(
                    MoneyDeposited.class,
                    (event, db) -> db.executeForRow(
                            event.aggregateId(),
                            "insert into balances values (?, ?) on conflict (id) do update set cents = balances.cents + excluded.cents",
                            event.aggregateId().id(),
                            event.data().cents()))
            .clearedBy(db -> db.execute("delete from balances"))
            .build();

    static final Projection<PostgresContext> BALANCES_2 = Projection.<PostgresContext>named("balances_2")
            .on(MoneyDeposited.class, (event, db) -> db.execute("insert into balances_2 values (1)"))
            .clearedBy(db -> db.execute("delete from balances_2"))
            .build();

    private ProjectionsGuide() {}

    static ProjectionRunner<PostgresContext> run(EventStore store, DataSource dataSource) {
        var options = FollowOptions.defaults().withShards(4).withLease(Duration.ofSeconds(5));
        var runner = ProjectionRunner.of(BALANCES, store, PostgresCheckpointStore.create(dataSource), options)
                .start();
        return runner;
    }

    static void repair(ProjectionRunner<PostgresContext> runner, AggregateId aggregateId) throws Exception {
        runner.parked().aggregates();
        runner.parked().replay(aggregateId); // after the correction: in order, through today's upcasters
        runner.parked().drop(aggregateId); // they never reach the read model
    }

    static void replace(EventStore store, CheckpointStore<PostgresContext> checkpoints, FollowOptions options)
            throws Exception {
        try (var rebuild = Rebuild.start(BALANCES, BALANCES_2, store, checkpoints, options)) {
            rebuild.takeOver(
                    db -> {
                        db.execute("drop table balances");
                        db.execute("alter table balances_2 rename to balances");
                    },
                    Duration.ofMinutes(10));
        }
    }
}

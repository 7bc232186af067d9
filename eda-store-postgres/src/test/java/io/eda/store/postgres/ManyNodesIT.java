package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.projection.FollowOptions;
import io.eda.projection.ProjectionRunner;
import io.eda.store.EventStore;
import io.eda.testkit.servers.ChildJvm;
import io.eda.testkit.servers.RealServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Projections over several JVMs, which are killed and frozen, and over a database that is. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(180)
final class ManyNodesIT {

    private static final Duration LEASE = TallyCluster.LEASE;
    private static final Duration PATIENCE = TallyCluster.PATIENCE;

    private final PostgresOptions options = TestDatabase.freshSchema();

    @TempDir
    Path folder;

    @Test
    void an_owner_that_is_frozen_in_a_page_is_replaced_and_neither_writes_nor_moves_when_it_thaws() throws Exception {
        String url = RealServers.postgres().jdbcUrl();
        try (HikariDataSource pool = TestDatabase.pool(url, 10);
                PostgresEventStorage storage = PostgresEventStorage.create(pool, options)) {
            EventStore store = Tally.store(storage);
            PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(pool, options);
            Tally.createTable(pool, options.schema());
            TableTransport.createTable(pool, options.schema());
            Tally.append(store, "ada", 1);
            Tally.append(store, "ada", 666);
            Path goOn = folder.resolve("go-on");
            try (ChildJvm frozen = node(url, 1, goOn)) {
                frozen.awaitWord("in page");
                frozen.freeze();
                // The row of the checkpoint is locked by a transaction that nobody ends.
                try (var successor = ProjectionRunner.of(
                                Tally.projection(options.schema(), (event, context) -> {}),
                                store,
                                checkpoints,
                                FollowOptions.defaults().withLease(LEASE))
                        .start()) {
                    long last = Tally.append(store, "ada", 2);
                    successor.awaitPosition(last, PATIENCE);
                    assertThat(successor.shardsHere()).isEqualTo(1);
                    long epoch = epoch(pool);

                    Files.createFile(goOn);
                    frozen.thaw();
                    long later = Tally.append(store, "bob", 5);
                    successor.awaitPosition(later, PATIENCE);
                    // It has noticed and stands by when it is counted as alive again.
                    await().atMost(PATIENCE)
                            .until(() -> checkpoints
                                            .leases()
                                            .beat("tally", "observer", Duration.ofMillis(1))
                                            .members()
                                    >= 3);
                    assertThat(epoch(pool)).isEqualTo(epoch);
                }
                Tally.assertEqualsFold(pool, options.schema(), storage);
            }
        }
    }

    @Test
    void whatever_is_killed_or_frozen_the_read_model_equals_a_fresh_fold() throws Exception {
        Random random = new Random(42);
        try (TallyCluster cluster = new TallyCluster(3)) {
            for (int blow = 0; blow < 5; blow++) {
                cluster.strike(blow, random);
            }
            cluster.finish();
            assertThat(cluster.written()).isGreaterThan(200);
            assertThat(cluster.epochs()).as("how often shards changed hands").isGreaterThan(4);
        }
    }

    private ChildJvm node(String url, int shards, Path goOn) throws Exception {
        return ChildJvm.start(
                        TallyNode.class,
                        url,
                        options.schema(),
                        Integer.toString(shards),
                        Long.toString(LEASE.toMillis()),
                        goOn.toString())
                .awaitWord("started");
    }

    private long epoch(HikariDataSource pool) throws Exception {
        return Long.parseLong(TestDatabase.query(pool, "select sum(epoch) from " + options.schema() + ".checkpoints"));
    }
}

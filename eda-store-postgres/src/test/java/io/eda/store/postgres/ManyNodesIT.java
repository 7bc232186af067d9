package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.projection.FollowOptions;
import io.eda.projection.ProjectionRunner;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.EventStorageException;
import io.eda.store.EventStore;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Projections over several JVMs, which are killed and frozen, and over a database that is. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(180)
final class ManyNodesIT {

    private static final Duration LEASE = Duration.ofMillis(900);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
            Tally.append(store, "ada", 1);
            Tally.append(store, "ada", 666);
            Path goOn = folder.resolve("go-on");
            try (NodeProcess frozen = node(url, 1, goOn)) {
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
        try (PostgresServer server = RealServers.dedicatedPostgres();
                HikariDataSource pool = TestDatabase.pool(server.jdbcUrl(), 10);
                PostgresEventStorage storage = PostgresEventStorage.create(pool, options)) {
            EventStore store = Tally.store(storage);
            PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(pool, options);
            Tally.createTable(pool, options.schema());
            List<NodeProcess> nodes = new ArrayList<>();
            Path goOn = Files.createFile(folder.resolve("go-on"));
            try (Appending appending = new Appending(store)) {
                for (int i = 0; i < 3; i++) {
                    nodes.add(node(server.jdbcUrl(), 4, goOn));
                }
                for (int blow = 0; blow < 6; blow++) {
                    long before = checkpoints.position("tally");
                    if (blow == 3) {
                        server.kill();
                        server.start();
                    } else if (blow % 2 == 0) {
                        int victim = random.nextInt(nodes.size());
                        nodes.get(victim).kill();
                        nodes.set(victim, node(server.jdbcUrl(), 4, goOn));
                    } else {
                        NodeProcess victim = nodes.get(random.nextInt(nodes.size()));
                        victim.freeze();
                        LockSupport.parkNanos(LEASE.multipliedBy(2).toNanos());
                        victim.thaw();
                    }
                    await().atMost(PATIENCE).ignoreExceptions().until(() -> checkpoints.position("tally") > before);
                }
                appending.close();
                long last = appending.lastPosition();
                await().atMost(PATIENCE).until(() -> checkpoints.position("tally") >= last);
                assertThat(appending.count()).isGreaterThan(200);
                assertThat(epoch(pool)).as("how often shards changed hands").isGreaterThan(3);
                Tally.assertEqualsFold(pool, options.schema(), storage);
            } finally {
                nodes.forEach(NodeProcess::close);
            }
        }
    }

    private NodeProcess node(String url, int shards, Path goOn) throws Exception {
        return NodeProcess.start(
                        TallyNode.class,
                        url,
                        options.schema(),
                        Integer.toString(shards),
                        Long.toString(LEASE.toMillis()),
                        goOn.toString())
                .awaitWord("started");
    }

    private long epoch(HikariDataSource pool) throws Exception {
        return Long.parseLong(
                TestDatabase.query(pool, "select sum(epoch) from " + options.schema() + ".checkpoints"));
    }

    /** Appends to twenty aggregates, some hundred events a second, whatever happens to the database. */
    private static final class Appending implements AutoCloseable {

        private final AtomicBoolean isOn = new AtomicBoolean(true);
        private final AtomicLong last = new AtomicLong();
        private final AtomicLong count = new AtomicLong();
        private final Thread thread;

        private Appending(EventStore store) {
            this.thread = new Thread(() -> {
                for (int i = 0; isOn.get(); i++) {
                    try {
                        last.set(Tally.append(store, "a" + i % 20, i));
                        count.incrementAndGet();
                    } catch (EventStorageException | AppendOutcomeUnknownException e) {
                        // The database is being killed. What was stored nevertheless is in the fold as well.
                        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                    }
                    LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
                }
            });
            thread.start();
        }

        long lastPosition() {
            return last.get();
        }

        long count() {
            return count.get();
        }

        @Override
        public void close() throws InterruptedException {
            isOn.set(false);
            thread.join();
        }
    }
}

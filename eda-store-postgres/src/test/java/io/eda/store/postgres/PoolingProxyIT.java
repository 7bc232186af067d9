package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventFilter;
import io.eda.store.ExpectedVersion;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything works through a proxy that pools transactions; only wake-ups of other processes do not come. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class PoolingProxyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PostgresServer server = RealServers.postgres();
    private final PostgresOptions options = TestDatabase.freshSchema();

    @SuppressWarnings("NullAway.Init") // open() sets these before every test.
    private TransactionPool proxy;

    @SuppressWarnings("NullAway.Init")
    private HikariDataSource pooled;

    @BeforeEach
    void open() throws Exception {
        proxy = TransactionPool.of(server, "postgres", 3);
        pooled = TestDatabase.pool(proxy.jdbcUrl(server), 8);
    }

    @AfterEach
    void close() throws Exception {
        pooled.close();
        proxy.close();
    }

    @Test
    void the_proxy_of_this_test_gives_transactions_of_one_connection_different_sessions() throws Exception {
        Set<String> sessions = new HashSet<>();
        try (Connection connection = pooled.getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 6; i++) {
                try (ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
                    row.next();
                    sessions.add(row.getString(1));
                }
            }
        }
        assertThat(sessions).hasSize(3);
    }

    @Test
    void the_proxy_is_found_out_and_a_direct_connection_is_none() {
        Connections through = new Connections(pooled, options.statementTimeout());
        Connections direct = new Connections(TestDatabase.dataSource(), options.statementTimeout());
        through.lookForProxy();
        direct.lookForProxy();

        assertThat(through.shareSessions()).isTrue();
        assertThat(direct.shareSessions()).isFalse();
    }

    @Test
    void appends_reads_and_followers_work_through_it() throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(pooled, options);
                PostgresEventStorage elsewhere = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            FollowingThread follower = new FollowingThread(storage, 7).start();
            // Often enough that the driver would prepare each statement on the server, where it is allowed to.
            for (int i = 0; i < 30; i++) {
                storage.append(Events.append("one by one", ExpectedVersion.exactly(i), 1));
                assertThat(storage.readAggregate(
                                Events.append("one by one", ExpectedVersion.any(), 1)
                                        .aggregateId(),
                                1,
                                100))
                        .hasSize(i + 1);
            }
            long last = manyAtOnce(storage);
            long theirs = elsewhere
                    .append(Events.append("elsewhere", ExpectedVersion.any(), 1))
                    .lastPosition();

            assertThat(storage.awaitVisible(theirs, PATIENCE)).isGreaterThanOrEqualTo(Math.max(last, theirs));
            assertThat(follower.seenUpTo(theirs))
                    .isEqualTo(Events.readAll(elsewhere, 0))
                    .hasSize(30 + 200 + 1);
            assertThatThrownBy(() -> storage.append(Events.append("one by one", ExpectedVersion.exactly(3), 1)))
                    .isInstanceOf(ConcurrencyConflictException.class);
        }
    }

    @Test
    void checkpoints_and_snapshots_work_through_it() throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(pooled, options)) {
            PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(pooled, options);
            assertThat(PostgresSnapshotStorage.beside(storage)).isNotNull();
            for (int i = 0; i < 20; i++) {
                checkpoints.advance("orders", i, i + 1, connection -> {});
            }
            assertThat(checkpoints.position("orders")).isEqualTo(20);
            assertThat(storage.readAll(0, EventFilter.all(), 10).events()).isEmpty();
        }
    }

    private static long manyAtOnce(PostgresEventStorage storage) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Long>> positions = IntStream.range(0, 200)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> storage.append(Events.append("many " + i, ExpectedVersion.noEvents(), 1))
                                    .lastPosition(),
                            threads))
                    .toList();
            long last = 0;
            for (CompletableFuture<Long> position : positions) {
                last = Math.max(last, position.get());
            }
            return last;
        } finally {
            threads.shutdown();
        }
    }
}

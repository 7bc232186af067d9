package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.ExpectedVersion;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.TcpProxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * An append whose connection is lost commits, and its session ends, while the question for that session is under way: held up by a
 * lock, behind the moment from which a strict transaction sees the table.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class LostAppendIsolationIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final PostgresOptions options = TestDatabase.freshSchema()
            .withDeadlines(Duration.ofSeconds(30), Duration.ofSeconds(60))
            .withLanes(1)
            .withWakeUps(false);

    @Test
    void under_repeatable_read_too_an_append_that_commits_while_it_is_asked_for_is_found_and_stored_once()
            throws Exception {
        try (PostgresServer server = RealServers.dedicatedPostgres();
                TcpProxy proxy = TcpProxy.to(server)) {
            Strict strict = new Strict(server.jdbcUrl());
            try (PostgresEventStorage storage = PostgresEventStorage.create(strict, options);
                    Connection writers = strict.getConnection();
                    Connection activity =
                            TestDatabase.unpooled(server.jdbcUrl()).getConnection()) {
                int lost = strict.next(server.jdbcUrl().replace(":" + server.port() + "/", ":" + proxy.port() + "/"));
                int asking = strict.next(server.jdbcUrl());
                lock(writers, options.schema() + ".events in share mode");
                lock(activity, "pg_catalog.pg_stat_activity in access exclusive mode");

                Append append = Events.append("42", ExpectedVersion.any(), 3);
                CompletableFuture<AppendResult> result = CompletableFuture.supplyAsync(() -> storage.append(append));
                awaitWaiting(activity, lost);
                proxy.cut();
                awaitWaiting(activity, asking);
                // Now it commits, and its session ends; only then the question is answered.
                writers.commit();
                await().atMost(SOON)
                        .until(() -> isGone(activity, lost) && stored(activity).equals("3"));
                activity.commit();

                assertThat(result.get().lastVersion()).isEqualTo(3);
                assertThat(stored(activity)).isEqualTo("3");
            }
        }
    }

    private String stored(Connection connection) throws SQLException {
        return ask(connection, "select count(*) from " + options.schema() + ".events");
    }

    private static boolean isGone(Connection connection, int pid) throws SQLException {
        // Within a transaction, what was seen of the sessions would be seen again.
        String unused = ask(connection, "select 'cleared' from pg_stat_clear_snapshot()");
        return ask(connection, "select count(*) from pg_stat_activity where pid = " + pid)
                .equals("0");
    }

    private static void lock(Connection connection, String what) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table " + what);
        }
    }

    private static void awaitWaiting(Connection connection, int pid) {
        String sql = "select count(*) from pg_locks where not granted and pid = " + pid;
        await().atMost(SOON).until(() -> !ask(connection, sql).equals("0"));
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Connections under REPEATABLE READ, of which the next ones can be opened ahead. */
    private static final class Strict extends PGSimpleDataSource {
        private final transient ConcurrentLinkedDeque<Connection> ready = new ConcurrentLinkedDeque<>();

        Strict(String url) {
            setUrl(url);
            setOptions("-c default_transaction_isolation=repeatable\\ read");
        }

        /** Opens the next connection to be handed out, and returns the process at its other end. */
        int next(String url) throws SQLException {
            Connection connection = new Strict(url).getConnection();
            ready.add(connection);
            return connection.unwrap(PGConnection.class).getBackendPID();
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = ready.poll();
            return connection == null ? super.getConnection() : connection;
        }
    }
}

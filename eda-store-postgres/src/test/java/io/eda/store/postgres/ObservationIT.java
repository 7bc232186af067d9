package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.store.ExpectedVersion;
import io.eda.store.postgres.Watermark.Observation;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.TcpProxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The order of the two statements of an observation, which no soak is likely to catch: the gap is a few microseconds. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ObservationIT {

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();
    private final Set<String> writers = new HashSet<>();
    private long committed;

    @Test
    void a_writer_that_begins_between_its_two_statements_is_not_skipped() throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(dataSource, options);
                RawWriter slow = new RawWriter(dataSource, options);
                Connection connection = dataSource.getConnection()) {
            String[] statements = SqlFile.read("statement/observe.sql", options.schema())
                    .replace("?", "0")
                    .split(";");
            assertThat(statements).hasSize(2);

            ask(connection, statements[0]);
            long late = slow.insert("slow", 1, 1);
            storage.append(Events.append("fast", ExpectedVersion.noEvents(), 1));
            ask(connection, statements[1]);

            assertThat(new Watermark().observe(new Observation(committed, writers)))
                    .as("the safe position, while position %s is not committed", late)
                    .isLessThan(late);
        }
    }

    @Test
    void who_asks_and_does_not_wait_holds_up_nobody_else() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(RealServers.postgres())) {
            String url = RealServers.postgres()
                    .jdbcUrl()
                    .replace(":" + RealServers.postgres().port() + "/", ":" + proxy.port() + "/");
            VisiblePosition visible = new VisiblePosition(
                    new Connections(TestDatabase.unpooled(url), options.statementTimeout()), options);
            PostgresEventStorage.create(dataSource, options).close();
            proxy.stall(TcpProxy.Direction.TO_CLIENT);
            CompletableFuture<Long> asked = CompletableFuture.supplyAsync(() -> zero(visible));
            await().atMost(Duration.ofSeconds(30)).until(() -> proxy.connections() == 1);

            // The server says nothing, and yet an append can tell that it was there.
            CompletableFuture.runAsync(visible::signalAppend).get(30, TimeUnit.SECONDS);
            assertThat(asked).isNotDone();
            proxy.unstall();
            assertThat(asked.get(60, TimeUnit.SECONDS)).isZero();
        }
    }

    private static long zero(VisiblePosition visible) {
        try {
            return visible.await(1, Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                if (rows.getMetaData().getColumnName(1).equals("virtualtransaction")) {
                    writers.add(rows.getString(1));
                } else {
                    committed = rows.getLong(1);
                }
            }
        }
    }
}

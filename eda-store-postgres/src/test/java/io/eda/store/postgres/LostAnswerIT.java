package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.EventStorageException;
import io.eda.store.ExpectedVersion;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.TcpProxy;
import io.eda.testkit.servers.TcpProxy.Direction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The connection is lost after the server has committed and before it could say so. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class LostAnswerIT {

    private final TcpProxy proxy = TcpProxy.to(RealServers.postgres());
    private final DataSource direct = TestDatabase.dataSource();
    private final PostgresOptions options =
            TestDatabase.freshSchema().withDeadlines(Duration.ofSeconds(1), Duration.ofSeconds(3));
    private final OpenedAhead throughProxy = new OpenedAhead(proxy);
    private PostgresEventStorage storage;

    @BeforeEach
    void open() {
        storage = PostgresEventStorage.create(throughProxy, options);
        storage.append(Events.append("42", ExpectedVersion.noEvents(), 2));
    }

    @AfterEach
    void close() {
        proxy.close();
        storage.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_append_that_was_stored_is_recognised_and_stored_once(boolean isExact) throws Exception {
        Append append = Events.append("42", isExact ? ExpectedVersion.exactly(2) : ExpectedVersion.any(), 3);

        CompletableFuture<AppendResult> result = appendWithoutAnswer(append);
        awaitStored(5);
        proxy.cut();
        proxy.restore();

        assertThat(result.get().lastVersion()).isEqualTo(5);
        assertThat(stored()).isEqualTo("5");
        assertThat(storage.readAggregate(append.aggregateId(), 5, 1).get(0).position())
                .isEqualTo(result.get().lastPosition());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_append_that_never_arrived_is_sent_again(boolean isExact) throws Exception {
        Append append = Events.append("42", isExact ? ExpectedVersion.exactly(2) : ExpectedVersion.any(), 3);
        throughProxy.openAhead();
        proxy.stall(Direction.TO_SERVER);
        CompletableFuture<AppendResult> result = CompletableFuture.supplyAsync(() -> storage.append(append));
        await().until(throughProxy::isTaken);
        proxy.cut();
        proxy.restore();

        assertThat(result.get().lastVersion()).isEqualTo(5);
        assertThat(stored()).isEqualTo("5");
    }

    @Test
    void while_the_server_cannot_be_asked_the_outcome_is_unknown_and_the_append_can_be_handed_in_again()
            throws Exception {
        Append append = Events.append("42", ExpectedVersion.exactly(2), 3);

        CompletableFuture<AppendResult> result = appendWithoutAnswer(append);
        awaitStored(5);
        proxy.refuse();

        assertThatThrownBy(result::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AppendOutcomeUnknownException.class);
        assertThatThrownBy(() -> storage.append(append))
                .isInstanceOf(EventStorageException.class)
                .isNotInstanceOf(AppendOutcomeUnknownException.class)
                .hasMessageContaining("nothing was stored");
        proxy.restore();
        assertThat(storage.append(append).lastVersion()).isEqualTo(5);
        assertThat(stored()).isEqualTo("5");
    }

    @Test
    void a_server_that_is_silent_is_given_up_in_time() throws Exception {
        throughProxy.openAhead();
        proxy.stall();
        long start = System.nanoTime();

        assertThatThrownBy(() -> storage.awaitVisible(100, Duration.ZERO)).isInstanceOf(EventStorageException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    }

    private CompletableFuture<AppendResult> appendWithoutAnswer(Append append) throws SQLException {
        throughProxy.openAhead();
        proxy.stall(Direction.TO_CLIENT);
        return CompletableFuture.supplyAsync(() -> storage.append(append));
    }

    private void awaitStored(int count) {
        await().pollInterval(Duration.ofMillis(10)).until(() -> stored().equals("" + count));
    }

    private String stored() throws SQLException {
        return TestDatabase.query(direct, "select count(*) from " + options.schema() + ".events");
    }

    /** Connections through the proxy, of which one can be opened before the proxy begins to misbehave. */
    private static final class OpenedAhead extends PGSimpleDataSource {
        private final transient ConcurrentLinkedDeque<Connection> ready = new ConcurrentLinkedDeque<>();

        OpenedAhead(TcpProxy proxy) {
            setUrl("jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/postgres");
            setUser(RealServers.postgres().user());
            setPassword(RealServers.postgres().password());
            setLoginTimeout(1);
            setCancelSignalTimeout(1);
        }

        void openAhead() throws SQLException {
            ready.add(super.getConnection());
        }

        boolean isTaken() {
            return ready.isEmpty();
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = ready.poll();
            return connection == null ? super.getConnection() : connection;
        }
    }
}

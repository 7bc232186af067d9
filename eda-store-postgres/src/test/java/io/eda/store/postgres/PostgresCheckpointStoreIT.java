package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.projection.CheckpointStore;
import io.eda.testkit.CheckpointStoreContract;
import io.eda.testkit.servers.RealServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

final class PostgresCheckpointStoreIT extends CheckpointStoreContract<Connection> {

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();

    @Override
    protected CheckpointStore<Connection> openStore() throws SQLException {
        CheckpointStore<Connection> store = PostgresCheckpointStore.create(dataSource, options);
        TestDatabase.execute(dataSource, "create table " + options.schema() + ".notes (note text)");
        return store;
    }

    @Override
    protected void write(Connection connection, String note) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("insert into " + options.schema() + ".notes values (?)")) {
            statement.setString(1, note);
            statement.executeUpdate();
        }
    }

    @Override
    protected List<String> notes() throws SQLException {
        List<String> notes = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select note from " + options.schema() + ".notes")) {
            while (rows.next()) {
                notes.add(rows.getString(1));
            }
        }
        return notes;
    }

    @Override
    protected boolean undoesFailedWork() {
        return true;
    }

    @Test
    void work_cannot_end_the_transaction_but_may_go_back_to_its_own_savepoints() throws Exception {
        CheckpointStore<Connection> store = PostgresCheckpointStore.create(dataSource, options);

        assertThatThrownBy(() -> store.advance("orders", 0, 1, Connection::commit))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("committed together");
        assertThatThrownBy(() -> store.advance("orders", 0, 1, Connection::close))
                .isInstanceOf(IllegalStateException.class);
        store.advance("orders", 0, 1, connection -> {
            Savepoint savepoint = connection.setSavepoint();
            write(connection, "undone");
            connection.rollback(savepoint);
            write(connection, "kept");
        });

        assertThat(store.position("orders")).isEqualTo(1);
        assertThat(notes()).containsExactly("kept");
    }

    @Test
    void work_that_swallows_an_error_of_the_database_moves_nothing() throws Exception {
        CheckpointStore<Connection> store = PostgresCheckpointStore.create(dataSource, options);

        assertThatThrownBy(() -> store.advance("orders", 0, 1, connection -> {
                    write(connection, "half");
                    assertThatThrownBy(() -> connection.createStatement().execute("select 1 / 0"))
                            .isInstanceOf(SQLException.class);
                }))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("orders");

        assertThat(store.position("orders")).isZero();
        assertThat(notes()).isEmpty();
    }

    @Test
    void work_may_take_longer_than_the_statements_of_the_store_itself() throws Exception {
        PostgresOptions impatient = options.withDeadlines(Duration.ofSeconds(1), Duration.ofSeconds(1));
        CheckpointStore<Connection> store = PostgresCheckpointStore.create(dataSource, impatient);

        store.advance("orders", 0, 1, connection -> connection.createStatement().execute("select pg_sleep(3.5)"));

        assertThat(store.position("orders")).isEqualTo(1);
    }

    @Test
    void connections_come_back_as_they_went() throws Exception {
        try (var pool = TestDatabase.pool(RealServers.postgres().jdbcUrl(), 1)) {
            CheckpointStore<Connection> store = PostgresCheckpointStore.create(pool, options);
            store.advance("orders", 0, 1, connection -> {});
            assertThatThrownBy(() -> store.advance("orders", 0, 1, connection -> {}))
                    .isInstanceOf(RuntimeException.class);
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.getNetworkTimeout()).isZero();
            }
        }
    }
}

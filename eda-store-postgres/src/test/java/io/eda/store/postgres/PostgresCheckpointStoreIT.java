package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.projection.CheckpointStore;
import io.eda.testkit.CheckpointStoreContract;
import io.eda.testkit.servers.RealServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

final class PostgresCheckpointStoreIT extends CheckpointStoreContract<PostgresContext> {

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();

    @Override
    protected CheckpointStore<PostgresContext> openStore() throws SQLException {
        CheckpointStore<PostgresContext> store = PostgresCheckpointStore.create(dataSource, options);
        TestDatabase.execute(dataSource, "create table " + options.schema() + ".notes (note text)");
        return store;
    }

    @Override
    protected void write(PostgresContext context, String note) throws SQLException {
        context.execute("insert into " + options.schema() + ".notes values (?)", note);
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

    @Test
    void work_cannot_end_the_transaction_but_may_go_back_to_its_own_savepoints() throws Exception {
        CheckpointStore<PostgresContext> store = PostgresCheckpointStore.create(dataSource, options);

        assertThatThrownBy(() -> store.advance(
                        "orders", 0, 1, context -> context.connection().commit()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("committed together");
        assertThatThrownBy(() -> store.advance(
                        "orders", 0, 1, context -> context.connection().close()))
                .isInstanceOf(IllegalStateException.class);
        store.advance("orders", 0, 1, context -> {
            Savepoint savepoint = context.connection().setSavepoint();
            write(context, "undone");
            context.connection().rollback(savepoint);
            write(context, "kept");
        });

        assertThat(store.position("orders")).isEqualTo(1);
        assertThat(notes()).containsExactly("kept");
    }

    @Test
    void work_that_swallows_an_error_of_the_database_moves_nothing() throws Exception {
        CheckpointStore<PostgresContext> store = PostgresCheckpointStore.create(dataSource, options);

        assertThatThrownBy(() -> store.advance("orders", 0, 1, context -> {
                    write(context, "half");
                    assertThatThrownBy(
                                    () -> context.connection().createStatement().execute("select 1 / 0"))
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
        CheckpointStore<PostgresContext> store = PostgresCheckpointStore.create(dataSource, impatient);

        store.advance("orders", 0, 1, context -> context.connection()
                .createStatement()
                .execute("select pg_sleep(3.5)"));

        assertThat(store.position("orders")).isEqualTo(1);
    }

    @Test
    void connections_come_back_as_they_went() throws Exception {
        try (var pool = TestDatabase.pool(RealServers.postgres().jdbcUrl(), 1)) {
            CheckpointStore<PostgresContext> store = PostgresCheckpointStore.create(pool, options);
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

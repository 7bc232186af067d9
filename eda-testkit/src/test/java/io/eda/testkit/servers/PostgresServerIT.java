package io.eda.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.testkit.servers.ServerOptions.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PostgresServerIT {

    @Test
    void a_shared_server_is_the_same_one_at_every_call() {
        assertThat(RealServers.postgres()).isSameAs(RealServers.postgres());
        assertThat(RealServers.postgres().isRunning()).isTrue();
    }

    @Test
    void a_fresh_schema_is_what_unqualified_names_mean_and_nobody_else_sees_it() throws SQLException {
        String one = RealServers.postgres().freshSchema();
        String other = RealServers.postgres().freshSchema();

        execute(one, "CREATE TABLE notes (text text)");
        execute(other, "CREATE TABLE notes (text text)");
        execute(one, "INSERT INTO notes VALUES ('only here')");

        assertThat(query(one, "SELECT count(*) FROM notes")).isEqualTo("1");
        assertThat(query(other, "SELECT count(*) FROM notes")).isEqualTo("0");
    }

    @Test
    void a_fresh_database_is_empty() throws SQLException {
        String url = RealServers.postgres().freshDatabase();

        assertThat(query(url, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"))
                .isEqualTo("0");
    }

    @Test
    void a_shared_server_refuses_to_be_killed_and_names_the_dedicated_one() {
        PostgresServer shared = RealServers.postgres();

        assertThatThrownBy(shared::kill)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("RealServers.dedicated");
    }

    @ParameterizedTest
    @EnumSource(
            value = Source.class,
            names = {"INSTALLED", "JAR"})
    void committed_data_survive_a_stop_and_a_kill_on_the_same_port(Source source) throws SQLException {
        try (PostgresServer server = RealServers.dedicatedPostgres(ServerOptions.from(source))) {
            String url = server.freshDatabase();
            execute(url, "CREATE TABLE notes (text text)");
            execute(url, "INSERT INTO notes VALUES ('before the stop')");

            server.restart();
            execute(url, "INSERT INTO notes VALUES ('before the kill')");
            server.kill();
            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(() -> query(url, "SELECT 1")).isInstanceOf(SQLException.class);
            server.start();

            assertThat(query(url, "SELECT string_agg(text, ', ' ORDER BY text) FROM notes"))
                    .isEqualTo("before the kill, before the stop");
        }
    }

    @Test
    void a_frozen_server_lets_a_call_time_out_and_answers_it_after_the_thaw() throws SQLException {
        try (PostgresServer server = RealServers.dedicatedPostgres()) {
            String impatient = server.jdbcUrl() + "&socketTimeout=1&connectTimeout=1";
            try (Connection connection = DriverManager.getConnection(impatient)) {
                server.freeze();
                assertThat(server.isRunning()).isTrue();
                assertThatThrownBy(() -> query(connection, "SELECT 1")).hasRootCauseMessage("Read timed out");
                assertThatThrownBy(() -> query(impatient, "SELECT 1")).isInstanceOf(SQLException.class);
                server.thaw();
            }
            assertThat(query(impatient, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void it_is_durable_and_has_room_for_prepared_transactions_and_takes_settings() throws SQLException {
        ServerOptions options = ServerOptions.defaults().withSetting("work_mem", "5MB");
        try (PostgresServer server = RealServers.dedicatedPostgres(options)) {
            String url = server.jdbcUrl();

            assertThat(query(url, "SHOW fsync")).isEqualTo("on");
            assertThat(query(url, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(url, "SHOW max_connections")).isEqualTo("200");
            assertThat(query(url, "SHOW max_prepared_transactions")).isEqualTo("50");
            assertThat(query(url, "SHOW work_mem")).isEqualTo("5MB");
        }
    }

    @Test
    void a_private_folder_goes_with_its_server_and_a_named_one_stays(@TempDir Path folder) throws SQLException {
        PostgresServer fleeting = RealServers.dedicatedPostgres();
        Path data = Path.of(query(fleeting.jdbcUrl(), "SHOW data_directory"));
        assertThat(data).isDirectory();
        fleeting.close();
        assertThat(data).doesNotExist();

        ServerOptions kept = ServerOptions.defaults().withFolder(folder.resolve("kept"));
        try (PostgresServer first = RealServers.dedicatedPostgres(kept)) {
            execute(first.jdbcUrl(), "CREATE TABLE notes AS SELECT 'still here' AS text");
        }
        assertThat(Files.exists(folder.resolve("kept"))).isTrue();
        try (PostgresServer second = RealServers.dedicatedPostgres(kept)) {
            assertThat(query(second.jdbcUrl(), "SELECT text FROM notes")).isEqualTo("still here");
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            return query(connection, sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}

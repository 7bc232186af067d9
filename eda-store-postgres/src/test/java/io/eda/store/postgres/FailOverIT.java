package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.store.EventFilter;
import io.eda.store.EventStorageException;
import io.eda.store.ExpectedVersion;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standby that lagged takes over: a copy of the server's files, from before its last events, is started in its place and
 * promoted. Whoever has seen what is lost is told, and never goes on as if nothing had happened.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(180)
final class FailOverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PostgresOptions options = TestDatabase.freshSchema();

    @TempDir
    Path folder;

    @BeforeEach
    void let_the_servers_user_in() throws Exception {
        for (Path path = folder; path.startsWith(folder.getParent()); path = path.getParent()) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void a_follower_of_what_was_lost_is_told_even_when_others_have_filled_the_gap() throws Exception {
        try (PostgresServer primary = start("primary")) {
            copyWhileStopped(primary, "standby", server -> {
                try (PostgresEventStorage storage = open(server)) {
                    append(storage, 3);
                }
            });
            int port = primary.port();
            try (HikariDataSource pool = TestDatabase.pool(primary.jdbcUrl(), 8);
                    PostgresEventStorage follower = PostgresEventStorage.create(pool, options)) {
                long seen = append(follower, 2);
                assertThat(follower.awaitVisible(seen, PATIENCE)).isEqualTo(seen);
                assertThat(Events.readAll(follower, 0)).hasSize(5);
                primary.kill();
                try (PostgresServer promoted = promote("standby", port);
                        PostgresEventStorage other = open(promoted)) {
                    // The sequence may stand a little ahead of what was lost; then nothing stands in its place.
                    long last = append(other, 10);
                    assertThat(last).isGreaterThan(seen);

                    // Its connections are of the time before; behind that, the error is the same each time.
                    await().atMost(PATIENCE).untilAsserted(() -> assertThatLossIsTold(follower, seen, last));
                    assertThatLossIsTold(follower, seen, last);
                    assertThatThrownBy(() -> follower.readAll(seen, EventFilter.all(), 10))
                            .hasMessageContaining("has lost events");
                }
            }
        }
    }

    private static void assertThatLossIsTold(PostgresEventStorage follower, long seen, long last) {
        assertThatThrownBy(() -> follower.awaitVisible(last, PATIENCE))
                .isInstanceOf(EventStorageException.class)
                .hasMessageContaining("position " + seen)
                .hasMessageContaining("has lost events")
                .hasMessageContaining("put their checkpoints back");
    }

    @Test
    void a_checkpoint_behind_the_last_event_is_a_loud_error_after_a_restart_too() throws Exception {
        try (PostgresServer server = start("primary");
                PostgresEventStorage storage = open(server)) {
            long last = append(storage, 3);
            assertThat(storage.awaitVisible(last, PATIENCE)).isEqualTo(last);

            assertThatThrownBy(() -> storage.readAll(last + 7, EventFilter.all(), 10))
                    .isInstanceOf(EventStorageException.class)
                    .hasMessageContaining("position " + (last + 7))
                    .hasMessageContaining("has lost events");
            assertThat(storage.readAll(last, EventFilter.all(), 10).events()).isEmpty();
        }
    }

    @Test
    void a_standby_is_refused_at_the_start_and_while_it_is_followed() throws Exception {
        try (PostgresServer primary = start("primary")) {
            copyWhileStopped(primary, "standby", server -> open(server).close());
            int port = primary.port();
            try (PostgresEventStorage follower = open(primary)) {
                long last = append(follower, 1);
                assertThat(follower.awaitVisible(last, PATIENCE)).isEqualTo(last);
                primary.kill();
                Files.createFile(folder.resolve("standby/postgres/data/standby.signal"));
                try (PostgresServer standby = start("standby", port)) {
                    assertThatThrownBy(() -> open(standby))
                            .isInstanceOf(EventStorageException.class)
                            .hasMessageContaining("standby")
                            .hasMessageContaining("targetServerType=primary");
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThatThrownBy(() -> follower.awaitVisible(last + 1, PATIENCE))
                                    .isInstanceOf(EventStorageException.class)
                                    .hasMessageContaining("standby"));
                }
            }
        }
    }

    private interface Preparation {
        void on(PostgresServer server) throws Exception;
    }

    private PostgresServer start(String name) {
        return start(name, 0);
    }

    private PostgresServer start(String name, int port) {
        return RealServers.dedicatedPostgres(
                ServerOptions.defaults().withFolder(folder.resolve(name)).withPort(port));
    }

    private void copyWhileStopped(PostgresServer server, String copy, Preparation preparation) throws Exception {
        preparation.on(server);
        server.stop();
        run(
                "cp",
                "-a",
                folder.resolve("primary").toString(),
                folder.resolve(copy).toString());
        server.start();
    }

    private PostgresServer promote(String name, int port) throws Exception {
        Files.createFile(folder.resolve(name + "/postgres/data/standby.signal"));
        PostgresServer standby = start(name, port);
        DataSource dataSource = TestDatabase.unpooled(standby.jdbcUrl());
        assertThat(TestDatabase.query(dataSource, "select pg_promote()")).isEqualTo("t");
        return standby;
    }

    private PostgresEventStorage open(PostgresServer server) {
        return PostgresEventStorage.create(TestDatabase.unpooled(server.jdbcUrl()), options);
    }

    private static long append(PostgresEventStorage storage, int count) {
        return storage.append(Events.append("order", ExpectedVersion.any(), count))
                .lastPosition();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}

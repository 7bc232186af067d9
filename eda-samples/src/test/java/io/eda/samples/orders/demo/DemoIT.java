package io.eda.samples.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as people start it, kill it, and start it again. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DemoIT {

    // Programs are unpacked once for all tests.
    private static final Path HOME = Path.of("target", "demo").toAbsolutePath();
    private static final int ORDERS = 300;

    @TempDir
    private Path data;

    @Test
    void killed_in_the_middle_of_a_file_it_goes_on_and_no_order_is_lost_or_processed_twice() throws Exception {
        Path file = data.resolve("orders.jsonl");
        Files.writeString(file, orders());
        killInTheMiddle();
        // The worst case on top: the machine dies, so its database could not stop either.
        killDatabase();

        try (Demo second = Demo.start(HOME, "--data", data.toString(), "--orders", file.toString())) {
            assertThat(second.awaitEnd()).as(second.text()).isZero();
            assertThat(second.text())
                    .containsPattern(ORDERS + " orders read: [0-9]+ accepted, [1-9][0-9]* there already, 0 refused.");
        }
        try (LocalPostgres postgres = LocalPostgres.start(HOME, data);
                Connection connection = DriverManager.getConnection(postgres.url())) {
            assertEnds(connection);
        }
    }

    @Test
    void after_kill_9_its_database_ends_by_itself() throws Exception {
        try (Demo demo = serve()) {
            demo.kill();
            await().until(() -> !Files.exists(data.resolve("database/postmaster.pid")));
        }
    }

    @Test
    void a_second_one_on_the_same_folder_says_so_in_one_line() throws Exception {
        try (Demo first = serve();
                Demo second = Demo.start(HOME, "--data", data.toString(), "--port", "0")) {
            assertThat(second.awaitEnd()).isEqualTo(1);
            assertThat(second.text().lines()).singleElement().asString().contains("another demo is using " + data);
            assertThat(first.process().isAlive()).isTrue();
        }
    }

    @Test
    void ctrl_c_ends_it_and_its_database_without_a_word() throws Exception {
        try (Demo demo = serve()) {
            demo.interrupt();
            assertThat(data.resolve("database/postmaster.pid")).doesNotExist();
            assertThat(demo.text()).contains("curl http://127.0.0.1:").doesNotContain("WARN", "ERROR", "Exception");
            assertThat(Files.readString(data.resolve("postgres.log"))).contains("database system is shut down");
        }
    }

    private Demo serve() throws IOException {
        Demo demo = Demo.start(HOME, "--data", data.toString(), "--port", "0");
        await().atMost(Duration.ofSeconds(60)).until(() -> demo.text().contains("The order system is up"));
        return demo;
    }

    /** Gives it half of the orders, waits until many of them are under way, and kills it. */
    private void killInTheMiddle() throws Exception {
        try (Demo first = Demo.start(HOME, "--data", data.toString(), "--orders", "-");
                OutputStream input = first.input()) {
            String half = orders().lines().limit(ORDERS / 2).collect(Collectors.joining("\n", "", "\n"));
            input.write(half.getBytes(StandardCharsets.UTF_8));
            input.flush();
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> acceptedOrders() > ORDERS / 4);
            first.kill();
        } catch (IOException e) {
            // The pipe to a dead process: what was in it is lost, as it should be.
            assertThat(e).hasMessageContaining("pipe");
        }
    }

    private long acceptedOrders() throws IOException, SQLException {
        String port =
                Files.readAllLines(data.resolve("database/postmaster.pid")).get(3);
        String url = "jdbc:postgresql://127.0.0.1:" + port.strip() + "/postgres?user=postgres&password="
                + Files.readString(data.resolve("password"));
        try (Connection connection = DriverManager.getConnection(url)) {
            return number(connection, "select count(*) from eda.events where event_type = 'order.created'");
        }
    }

    private void killDatabase() throws IOException {
        Path pidFile = data.resolve("database/postmaster.pid");
        if (Files.exists(pidFile)) {
            long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static void assertEnds(Connection db) throws SQLException {
        assertThat(number(db, "select count(*) from order_views")).isEqualTo(ORDERS);
        assertThat(number(db, "select count(*) from order_views where status = 'shipped'"))
                .isEqualTo(ORDERS - ORDERS / 10);
        assertThat(number(db, "select count(*) from order_views where status = 'cancelled'"))
                .isEqualTo(ORDERS / 10);
        for (String once : new String[] {"order.created", "order.shipped", "order.cancelled", "payment.charged"}) {
            assertThat(number(
                            db,
                            "select count(*) from (select 1 from eda.events where event_type = '" + once
                                    + "' group by aggregate_id having count(*) > 1) twice"))
                    .as("aggregates with two of %s", once)
                    .isZero();
        }
        // Two mugs an order: what was shipped is gone, what was cancelled is back.
        assertThat(number(db, "select held from stock_views where sku = 'mug'")).isEqualTo(2 * (ORDERS - ORDERS / 10));
        assertThat(number(db, "select count(*) from notifications"))
                .isEqualTo(3 * (ORDERS - ORDERS / 10) + 2 * ORDERS / 10);
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        }
    }

    /** Every tenth card is declined. */
    private static String orders() {
        return IntStream.range(0, ORDERS)
                .mapToObj(i -> "{\"orderId\": \"O-" + i
                        + "\", \"customer\": \"ada\", \"items\": [{\"sku\": \"mug\", \"quantity\": 2},"
                        + " {\"sku\": \"book\", \"quantity\": 1}], \"card\": \""
                        + (i % 10 == 0 ? "tok-declined" : "tok-visa") + "\"}")
                .collect(Collectors.joining("\n"));
    }
}

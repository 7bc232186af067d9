package io.eda.samples.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.orders.views.OrderQuery.OrderById;
import io.eda.samples.orders.views.OrderView;
import io.eda.store.postgres.PostgresOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OrdersFileIT {

    private HikariDataSource database;
    private OrderSystem system;
    private int status;
    private boolean isStopped;

    @BeforeEach
    void start() {
        database = TestDatabase.open();
        system = OrderSystem.start(database, PostgresOptions.defaults());
    }

    @AfterEach
    void stop() throws Exception {
        system.close();
        database.close();
    }

    @Test
    void what_is_refused_is_reported_with_its_line_and_the_others_go_on() throws Exception {
        String report = read(
                order("A", "mug", 1),
                "{\"orderId\": \"B\"",
                "",
                order("C", "unicorn", 1),
                order("D", "mug", -1),
                order("E", "mug", 99_999),
                order("A", "mug", 1),
                "{\"orderId\": \"F\", \"items\": []}",
                "{\"customer\": \"ada\", \"items\": [{\"sku\": \"mug\", \"quantity\": 1}]}",
                "{\"orderId\": \"" + "x".repeat(70_000) + "\"}",
                order("G", "lamp", 2));
        assertThat(report.lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("line 2: refused, this is not JSON"),
                        line -> assertThat(line).startsWith("line 4: refused, there is no product 'unicorn'"),
                        line -> assertThat(line).startsWith("line 5: refused, the quantity of 'mug'"),
                        line -> assertThat(line).startsWith("line 6: refused, the quantity of 'mug'"),
                        line -> assertThat(line)
                                .isEqualTo("line 7: refused, the order id 'A' stands in line 1 already"),
                        line -> assertThat(line).isEqualTo("line 8: refused, customer is missing"),
                        line -> assertThat(line).startsWith("line 9: refused, orderId is missing"),
                        line -> assertThat(line).isEqualTo("line 10: refused, the line is over 65536 bytes"),
                        line -> assertThat(line).isEqualTo("10 orders read: 2 accepted, 0 there already, 8 refused."),
                        line -> assertThat(line).startsWith("Every accepted order is where it ends"));
        assertThat(status).isEqualTo(1);
        assertThat(statusOf("A")).isEqualTo("shipped");
        assertThat(statusOf("G")).isEqualTo("shipped");
    }

    @Test
    void a_file_that_is_read_again_changes_nothing() throws Exception {
        read(order("A", "mug", 1), order("B", "mug", 2));
        String report = read(order("A", "mug", 1), order("B", "mug", 2), order("C", "mug", 3));
        assertThat(report).startsWith("3 orders read: 1 accepted, 2 there already, 0 refused.");
        assertThat(status).isZero();
    }

    @Test
    void another_order_under_a_stored_id_is_refused() throws Exception {
        read(order("A", "mug", 1));
        String report = read(order("A", "mug", 2));
        assertThat(report)
                .startsWith("line 1: refused, there is another order 'A' already, of ada: use a new order id");
        assertThat(status).isEqualTo(1);
    }

    @Test
    void an_order_without_a_card_comes_to_rest_when_it_is_reserved() throws Exception {
        read(order("A", "mug", 1).replace(", \"card\": \"tok-visa\"", ""));
        assertThat(status).isZero();
        assertThat(statusOf("A")).isEqualTo("reserved");
    }

    @Test
    void when_it_is_stopped_it_says_how_to_go_on() {
        isStopped = true;
        assertThatThrownBy(() -> read(order("A", "mug", 1)))
                .isInstanceOf(DemoException.class)
                .hasMessage("stopped before line 1: read the same input again, and it goes on there");
    }

    @Test
    void an_empty_file_is_no_error() throws Exception {
        assertThat(read()).startsWith("0 orders read");
        assertThat(status).isZero();
    }

    private String read(String... lines) throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
        byte[] file = String.join("\n", List.of(lines)).getBytes(StandardCharsets.UTF_8);
        status = new OrdersFile(system, database, out, Progress.none())
                .run(new CountedInput(new ByteArrayInputStream(file), file.length), () -> isStopped);
        return written.toString(StandardCharsets.UTF_8);
    }

    private String statusOf(String orderId) {
        return system.queries()
                .ask(new OrderById(orderId))
                .map(OrderView::status)
                .orElse("missing");
    }

    private static String order(String orderId, String sku, int quantity) {
        return "{\"orderId\": \"" + orderId + "\", \"customer\": \"ada\", \"items\": [{\"sku\": \"" + sku
                + "\", \"quantity\": " + quantity + "}], \"card\": \"tok-visa\"}";
    }
}

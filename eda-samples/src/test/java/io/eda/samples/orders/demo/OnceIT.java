package io.eda.samples.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.orders.sql.Database;
import io.eda.store.postgres.PostgresOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The whole order system over a real PostgreSQL. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OnceIT {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private HikariDataSource database;
    private OrderSystem system;

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
    void the_play_ends_well_and_tells_the_life_of_each_order() throws Exception {
        int status = new Once(system, new PrintStream(written, true, StandardCharsets.UTF_8)).run();
        String story = written.toString(StandardCharsets.UTF_8);
        assertThat(status).as(story).isZero();
        assertThat(story)
                .contains("payment.failed", "told bob: your order was cancelled: payment failed: the card was declined")
                .containsOnlyOnce("inventory.reserved  inventory/print")
                .contains("because of order.paid order/A-1@2")
                .doesNotContain("WRONG");
    }

    @Test
    void a_read_model_that_lies_is_found() throws Exception {
        new Once(system, new PrintStream(written, true, StandardCharsets.UTF_8)).run();
        new Database(database).update("update order_views set status = 'paid' where order_id = 'A-1'");
        new Database(database).update("update stock_views set held = held + 1 where sku = 'mug'");
        new Database(database).update("delete from notifications where order_id = 'B-1'");

        List<Expectation> two =
                List.of(Expectation.shipped("A-1", "ada"), Expectation.cancelled("B-1", "bob", "failed", "payment"));
        assertThat(EndState.differences(system, two, Map.of("mug", 999_998L)))
                .anyMatch(difference -> difference.startsWith("the status of A-1 in order_views should be shipped"))
                .anyMatch(difference -> difference.startsWith("the stock of mug in stock_views"))
                .anyMatch(difference -> difference.startsWith("what the customer of B-1 was told"));
        assertThat(EndState.differencesWhenRebuilt(system)).hasSize(2);
        assertThat(EndState.differencesWhenRebuilt(system))
                .as("built again, it is right")
                .isEmpty();
    }
}

package io.eda.samples.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.samples.orders.Checkout;
import io.eda.samples.orders.OrderReader;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.orders.demo.Progress.Style;
import io.eda.samples.orders.views.OrderQuery.LatestOrders;
import io.eda.samples.orders.views.OrderView;
import io.eda.store.postgres.PostgresOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Read models that catch up, or are built again, and are watched meanwhile. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class CatchingUpIT {

    private static final String ORDER =
            "{\"orderId\": \"A\", \"customer\": \"ada\", \"items\": [{\"sku\": \"mug\", \"quantity\": 1}], \"card\": \"tok-visa\"}";

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    // A clock that lets every look be shown.
    private final AtomicLong clock = new AtomicLong();
    private final Progress progress = new Progress(
            new PrintStream(written, true, StandardCharsets.UTF_8),
            Style.LINE_ON_A_TERMINAL,
            () -> clock.addAndGet(1_000_000_000L));

    @Test
    void what_is_behind_is_shown_as_a_bar_until_it_has_caught_up() throws Exception {
        try (HikariDataSource database = TestDatabase.open();
                Connection blocker = database.getConnection()) {
            List<OrderView> before = play(database);
            // As after a crash: the read model is behind, and cannot go on yet.
            execute(blocker, "delete from order_views");
            execute(blocker, "update eda.checkpoints set position = 0 where name = 'order_views'");
            blocker.setAutoCommit(false);
            // Writers wait for it, and the start, which may make an index, does not.
            execute(blocker, "lock table order_views in share mode");

            try (OrderSystem system = OrderSystem.start(database, PostgresOptions.defaults())) {
                CatchingUp views = new CatchingUp(system, progress);
                CompletableFuture<Boolean> watched = CompletableFuture.supplyAsync(() -> watch(views));
                await().atMost(Duration.ofSeconds(60)).until(() -> written.toString(StandardCharsets.UTF_8)
                        .contains("order_views [----------]   0.0 %"));
                blocker.commit();
                assertThat(watched.get()).isTrue();
                assertThat(orders(system)).isEqualTo(before);
                assertThat(written.toString(StandardCharsets.UTF_8)).endsWith("\r\033[K");
            }
        }
    }

    @Test
    void a_rebuild_corrects_whatever_somebody_did_to_the_read_models() throws Exception {
        try (HikariDataSource database = TestDatabase.open();
                Connection connection = database.getConnection()) {
            List<OrderView> before = play(database);
            try (OrderSystem system = OrderSystem.start(database, PostgresOptions.defaults())) {
                execute(connection, "update order_views set status = 'stolen'");
                CatchingUp views = new CatchingUp(system, progress);
                views.rebuild();
                assertThat(watch(views)).isTrue();
                assertThat(orders(system)).isEqualTo(before);
                assertThat(views.await(() -> true)).as("one that is stopped").isFalse();
            }
        }
    }

    private List<OrderView> play(HikariDataSource database) throws Exception {
        try (OrderSystem system = OrderSystem.start(database, PostgresOptions.defaults())) {
            long position = new Checkout(system)
                    .place(OrderReader.order(ORDER.getBytes(StandardCharsets.UTF_8), () -> "A"))
                    .position();
            assertThat(new Settling(system, Progress.none()).await(position)).isTrue();
            return orders(system);
        }
    }

    private static boolean watch(CatchingUp views) {
        try {
            return views.await(() -> false);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<OrderView> orders(OrderSystem system) {
        return system.queries().ask(new LatestOrders(Optional.empty()));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package io.eda.samples.docs;

import io.eda.bus.Deduplication;
import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.command.CommandBus;
import io.eda.command.CommandContext;
import io.eda.command.CommandOptions;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.order.Order;
import io.eda.samples.orders.order.OrderCommand.ShipOrder;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresInbox;
import io.lettuce.core.RedisURI;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The code of {@code docs/guides/idempotency.md}. */
final class IdempotencyGuide {

    private IdempotencyGuide() {}

    /** Rows that one keeps oneself. */
    interface Stock {
        void reserve(Connection connection, OrderCreated order) throws SQLException;
    }

    static EventHandler onceInPostgres(DataSource dataSource, Stock stock) {
        PostgresInbox inbox = PostgresInbox.create(dataSource);

        EventHandler reserve = EventHandler.on(
                OrderCreated.class,
                event -> inbox.handle("inventory", event, connection -> stock.reserve(connection, event.data())));
        return reserve;
    }

    static void mostlyOnceByRedis(EventBus bus, EventHandler sendMail) {
        RedisIdempotencyStore store = RedisIdempotencyStore.connect(
                RedisURI.create("rediss://eda@redis.internal:6379"), RedisIdempotencyOptions.defaults());

        bus.subscribe(SubscriptionOptions.forGroup("mail").withDeduplication(Deduplication.by(store)), sendMail);
    }

    static void commands(EventStore store, String idOfTheRequest) {
        CommandBus commands = CommandBus.builder(store)
                .options(CommandOptions.defaults().withRememberedEvents(100))
                .handle(ShipOrder.class, Order.AGGREGATE, ShipOrder::orderId, Order::ship)
                .build();
        commands.dispatch(new ShipOrder("42"), CommandContext.startedBy(idOfTheRequest));
    }
}

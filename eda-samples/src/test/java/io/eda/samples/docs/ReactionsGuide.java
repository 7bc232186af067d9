package io.eda.samples.docs;

import static io.eda.testkit.AggregateScenario.given;

import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryTransport;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.CheckpointStore;
import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.order.Order;
import io.eda.samples.orders.order.OrderCommand.ShipOrder;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresEventStorage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The code of {@code docs/getting-started.md} behind the first read model. */
final class ReactionsGuide {

    private ReactionsGuide() {}

    static OutboxRelay onPostgres(DataSource dataSource, EventBus bus) {
        var storage = PostgresEventStorage.create(dataSource);
        var checkpoints = PostgresCheckpointStore.create(dataSource);
        return OutboxRelay.builder("relay", storage, checkpoints, bus).start();
    }

    static List<AutoCloseable> react(
            EventStore store,
            CheckpointStore<?> checkpoints,
            JacksonEventSerializer json,
            Consumer<Event<OrderCreated>> work) {
        var bus = new EventBus(InMemoryTransport.confirmingWhenHandled(), json);
        var inventory = bus.subscribe(
                SubscriptionOptions.forGroup("inventory").withTypes("order.created"),
                EventHandler.on(OrderCreated.class, event -> work.accept(event)));
        var relay =
                OutboxRelay.builder("relay", store.storage(), checkpoints, bus).start();
        return List.of(relay, inventory, bus);
    }

    static void anUnpaidOrderIsNotShipped() {
        OrderCreated created = new OrderCreated("ada", List.of(new Item("mug", 2, 900)), Optional.empty());
        given(Order.AGGREGATE, created).when(new ShipOrder("42"), Order::ship).thenRejected("the order is CREATED");
    }
}

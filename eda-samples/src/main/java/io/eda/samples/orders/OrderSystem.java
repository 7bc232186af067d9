package io.eda.samples.orders;

import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.command.CommandBus;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.ProjectionRunner;
import io.eda.query.QueryBus;
import io.eda.samples.orders.Services.Service;
import io.eda.samples.orders.events.DomainEvents;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.inventory.Inventory;
import io.eda.samples.orders.inventory.InventoryCommand.ReleaseStock;
import io.eda.samples.orders.inventory.InventoryCommand.ReserveStock;
import io.eda.samples.orders.inventory.InventoryCommand.StockUp;
import io.eda.samples.orders.inventory.InventoryReactions;
import io.eda.samples.orders.inventory.Products;
import io.eda.samples.orders.notification.Mailbox;
import io.eda.samples.orders.notification.NotificationReactions;
import io.eda.samples.orders.notification.PostgresMailbox;
import io.eda.samples.orders.order.Order;
import io.eda.samples.orders.order.OrderCommand.CancelOrder;
import io.eda.samples.orders.order.OrderCommand.ConfirmPayment;
import io.eda.samples.orders.order.OrderCommand.PlaceOrder;
import io.eda.samples.orders.order.OrderCommand.ShipOrder;
import io.eda.samples.orders.order.OrderReactions;
import io.eda.samples.orders.payment.ChargePayment;
import io.eda.samples.orders.payment.Payment;
import io.eda.samples.orders.payment.PaymentReactions;
import io.eda.samples.orders.sql.Database;
import io.eda.samples.orders.views.OrderQuery.LatestOrders;
import io.eda.samples.orders.views.OrderQuery.OrderById;
import io.eda.samples.orders.views.OrderQuery.OrdersUnderWay;
import io.eda.samples.orders.views.OrderQuery.StockLevels;
import io.eda.samples.orders.views.OrderViews;
import io.eda.samples.orders.views.StockViews;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresContext;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.store.postgres.PostgresOptions;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * The order system, wired and started. This is all the wiring that there is.
 *
 * @param store the history
 * @param commands where changes are asked for
 * @param queries where questions are asked
 * @param mailbox what customers were told
 * @param views the read models at work
 * @param operations what those who run it look at
 * @param parts whatever was started, in that order
 */
public record OrderSystem(
        EventStore store,
        CommandBus commands,
        QueryBus queries,
        PostgresMailbox mailbox,
        List<ProjectionRunner<PostgresContext>> views,
        Operations operations,
        List<AutoCloseable> parts)
        implements AutoCloseable {

    /** Starts the order system on a PostgreSQL database, which stays the caller's, and on no other server. */
    public static OrderSystem start(DataSource dataSource, PostgresOptions options) {
        return start(dataSource, options, Messaging.inMemory());
    }

    /** Starts the order system on a PostgreSQL database, which stays the caller's, and on {@code messaging}. */
    public static OrderSystem start(DataSource dataSource, PostgresOptions options, Messaging messaging) {
        return start(dataSource, options, messaging, ObservationRegistry.NOOP);
    }

    /** As above, and tells {@code observers} of all that an order leads to: one trace from the request to every reaction. */
    public static OrderSystem start(
            DataSource dataSource, PostgresOptions options, Messaging messaging, ObservationRegistry observers) {
        var json = new JacksonEventSerializer(DomainEvents.TYPES);
        var storage = PostgresEventStorage.create(dataSource, options);
        var store = new EventStore(storage, json).observedBy(observers);
        var checkpoints = PostgresCheckpointStore.create(dataSource, options);
        var database = new Database(dataSource);
        var commands = commands(store, observers);

        var orderViews = new OrderViews(database);
        var stockViews = new StockViews(database);
        var views = List.of(
                ProjectionRunner.of(OrderViews.PROJECTION, store, checkpoints)
                        .observedBy(observers)
                        .start(),
                ProjectionRunner.of(StockViews.PROJECTION, store, checkpoints)
                        .observedBy(observers)
                        .start());
        var queries = QueryBus.builder()
                .handle(OrderById.class, orderViews::byId)
                .handle(LatestOrders.class, orderViews::latest)
                .handle(OrdersUnderWay.class, orderViews::underWay)
                .handle(StockLevels.class, stockViews::levels)
                .build();

        var mailbox = new PostgresMailbox(database);
        var bus = EventBus.builder(messaging.transport(), json)
                .source("/samples/orders")
                .interventions(checkpoints.interventions())
                .observedBy(observers)
                .build();
        var services = subscribe(bus, messaging, commands, orders(store), mailbox);
        // After the subscriptions: a group gets what is published from its first member on.
        var relay = OutboxRelay.builder("relay", storage, checkpoints, bus).start();

        var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        storage.bindTo(metrics);
        store.bindTo(metrics);
        commands.bindTo(metrics);
        views.forEach(view -> view.bindTo(metrics));
        relay.bindTo(metrics);
        bus.bindTo(metrics);
        var operations = Operations.over(storage, views, relay, services, checkpoints.interventions(), metrics);

        Products.all().forEach(product -> commands.dispatch(new StockUp(product.sku(), product.firstStock())));
        return new OrderSystem(
                store,
                commands,
                queries,
                mailbox,
                views,
                operations,
                List.of(storage, views.get(0), views.get(1), bus, relay, operations));
    }

    /** Who decides about which command. */
    static CommandBus commands(EventStore store, ObservationRegistry observers) {
        return CommandBus.builder(store)
                .observedBy(observers)
                .handle(PlaceOrder.class, Order.AGGREGATE, PlaceOrder::orderId, Order::place)
                .handle(ConfirmPayment.class, Order.AGGREGATE, ConfirmPayment::orderId, Order::confirmPayment)
                .handle(ShipOrder.class, Order.AGGREGATE, ShipOrder::orderId, Order::ship)
                .handle(CancelOrder.class, Order.AGGREGATE, CancelOrder::orderId, Order::cancel)
                .handle(StockUp.class, Inventory.AGGREGATE, StockUp::sku, Inventory::stockUp)
                .handle(ReserveStock.class, Inventory.AGGREGATE, ReserveStock::sku, Inventory::reserve)
                .handle(ReleaseStock.class, Inventory.AGGREGATE, ReleaseStock::sku, Inventory::release)
                .handle(ChargePayment.class, Payment.AGGREGATE, ChargePayment::orderId, Payment::charge)
                .build();
    }

    /** Who reacts to which event. The bus closes the subscriptions. */
    static Services subscribe(
            EventBus bus,
            Messaging messaging,
            CommandBus commands,
            Function<String, OrderCreated> orders,
            Mailbox mailbox) {
        BiFunction<SubscriptionOptions, EventHandler, Service> subscribed = (wanted, handler) -> {
            SubscriptionOptions options = messaging.apply(wanted);
            return new Service(options, bus.subscribe(options, handler));
        };
        return new Services(
                bus,
                List.of(
                        subscribed.apply(OrderReactions.SUBSCRIPTION, OrderReactions.handler(commands)),
                        subscribed.apply(InventoryReactions.SUBSCRIPTION, InventoryReactions.handler(commands, orders)),
                        subscribed.apply(PaymentReactions.SUBSCRIPTION, PaymentReactions.handler(commands, orders)),
                        subscribed.apply(
                                NotificationReactions.SUBSCRIPTION, NotificationReactions.handler(mailbox, orders))));
    }

    /** What was ordered under an id: the order's first event says it, and it never changes. */
    static Function<String, OrderCreated> orders(EventStore store) {
        return orderId -> (OrderCreated)
                store.getEvents(Order.AGGREGATE.id(orderId)).get(0).data();
    }

    /** Stops in reverse order: first what brings work, last what shows it. Loses nothing. */
    @Override
    public void close() throws Exception {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).close();
        }
    }
}

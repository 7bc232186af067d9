package io.eda.samples.orders.order;

import static io.eda.command.CommandContext.reactingTo;

import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.command.CommandBus;
import io.eda.event.Event;
import io.eda.samples.orders.events.InventoryEvent.InventoryRejected;
import io.eda.samples.orders.events.OrderEvent.OrderPaid;
import io.eda.samples.orders.events.PaymentEvent.PaymentCharged;
import io.eda.samples.orders.events.PaymentEvent.PaymentFailed;
import io.eda.samples.orders.order.OrderCommand.CancelOrder;
import io.eda.samples.orders.order.OrderCommand.ConfirmPayment;
import io.eda.samples.orders.order.OrderCommand.ShipOrder;

/**
 * What orders do when something happens elsewhere. An event may come twice, and the decision knows it: see {@link Order}.
 */
public final class OrderReactions {

    /** The group, and the events that it wants. */
    public static final SubscriptionOptions SUBSCRIPTION = SubscriptionOptions.forGroup("order")
            .withTypes("inventory.rejected", "payment.charged", "payment.failed", "order.paid");

    private final CommandBus commands;

    private OrderReactions(CommandBus commands) {
        this.commands = commands;
    }

    /** Returns the reactions, which give their commands to {@code commands}. */
    public static EventHandler handler(CommandBus commands) {
        var orders = new OrderReactions(commands);
        return EventHandler.on(InventoryRejected.class, orders::cancelWithoutStock)
                .on(PaymentFailed.class, orders::cancelWithoutPayment)
                .on(PaymentCharged.class, orders::confirm)
                .on(OrderPaid.class, orders::ship);
    }

    private void cancelWithoutStock(Event<InventoryRejected> event) {
        String sku = event.aggregateId().id();
        InventoryRejected rejected = event.data();
        String reason = "not enough stock: " + rejected.quantity() + " × " + sku + " ordered, " + rejected.available()
                + " available";
        commands.dispatch(new CancelOrder(rejected.orderId(), reason), reactingTo(event, "cancel"));
    }

    private void cancelWithoutPayment(Event<PaymentFailed> event) {
        String reason = "payment failed: " + event.data().reason();
        commands.dispatch(new CancelOrder(event.aggregateId().id(), reason), reactingTo(event, "cancel"));
    }

    private void confirm(Event<PaymentCharged> event) {
        var payment = new ConfirmPayment(event.aggregateId().id(), event.data().amountCents());
        commands.dispatch(payment, reactingTo(event, "confirm"));
    }

    private void ship(Event<OrderPaid> event) {
        commands.dispatch(new ShipOrder(event.aggregateId().id()), reactingTo(event, "ship"));
    }
}

package io.eda.samples.orders.payment;

import static io.eda.command.CommandContext.reactingTo;

import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.command.CommandBus;
import io.eda.event.Event;
import io.eda.samples.orders.events.InventoryEvent.InventoryReserved;
import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import java.util.List;
import java.util.function.Function;

/** What payments do when something happens elsewhere: charge the order's card once its last item is reserved. */
public final class PaymentReactions {

    /** The group, and the events that it wants. */
    public static final SubscriptionOptions SUBSCRIPTION =
            SubscriptionOptions.forGroup("payment").withTypes("inventory.reserved");

    private final CommandBus commands;
    private final Function<String, OrderCreated> orders;

    private PaymentReactions(CommandBus commands, Function<String, OrderCreated> orders) {
        this.commands = commands;
        this.orders = orders;
    }

    /** Returns the reactions; {@code orders} tells what was ordered under an id. */
    public static EventHandler handler(CommandBus commands, Function<String, OrderCreated> orders) {
        return EventHandler.on(InventoryReserved.class, new PaymentReactions(commands, orders)::chargeAfterLastItem);
    }

    // Items are reserved in their order, so the last one is reserved when all are.
    private void chargeAfterLastItem(Event<InventoryReserved> event) {
        String orderId = event.data().orderId();
        OrderCreated order = orders.apply(orderId);
        List<Item> items = order.items();
        if (items.get(items.size() - 1).sku().equals(event.aggregateId().id())) {
            order.card()
                    .ifPresent(card -> commands.dispatch(
                            new ChargePayment(orderId, order.totalCents(), card), reactingTo(event, "charge")));
        }
    }
}

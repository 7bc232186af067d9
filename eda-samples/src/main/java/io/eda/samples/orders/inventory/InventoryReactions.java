package io.eda.samples.orders.inventory;

import static io.eda.command.CommandContext.reactingTo;

import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.command.CommandBus;
import io.eda.event.Event;
import io.eda.samples.orders.events.InventoryEvent.InventoryReserved;
import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.events.OrderEvent.OrderCancelled;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.inventory.InventoryCommand.ReleaseStock;
import io.eda.samples.orders.inventory.InventoryCommand.ReserveStock;
import java.util.List;
import java.util.function.Function;

/**
 * What the stock does when something happens elsewhere: it reserves the items of a new order one after the other, and
 * releases those of a cancelled one.
 */
public final class InventoryReactions {

    /** The group, and the events that it wants. */
    public static final SubscriptionOptions SUBSCRIPTION = SubscriptionOptions.forGroup("inventory")
            .withTypes("order.created", "inventory.reserved", "order.cancelled");

    private final CommandBus commands;
    private final Function<String, OrderCreated> orders;

    private InventoryReactions(CommandBus commands, Function<String, OrderCreated> orders) {
        this.commands = commands;
        this.orders = orders;
    }

    /** Returns the reactions; {@code orders} tells what was ordered under an id. */
    public static EventHandler handler(CommandBus commands, Function<String, OrderCreated> orders) {
        var stock = new InventoryReactions(commands, orders);
        return EventHandler.on(OrderCreated.class, stock::reserveFirstItem)
                .on(InventoryReserved.class, stock::reserveNextItem)
                .on(OrderCancelled.class, stock::releaseAllItems);
    }

    private void reserveFirstItem(Event<OrderCreated> event) {
        reserve(event, event.aggregateId().id(), event.data().items().get(0));
    }

    private void reserveNextItem(Event<InventoryReserved> event) {
        String orderId = event.data().orderId();
        List<Item> items = orders.apply(orderId).items();
        List<String> skus = items.stream().map(Item::sku).toList();
        int next = skus.indexOf(event.aggregateId().id()) + 1;
        if (next < items.size()) {
            reserve(event, orderId, items.get(next));
        }
    }

    private void reserve(Event<?> cause, String orderId, Item item) {
        commands.dispatch(new ReserveStock(item.sku(), orderId, item.quantity()), reactingTo(cause, "reserve"));
    }

    // A crash between two items lets the event come again, and what was released before is not released twice.
    private void releaseAllItems(Event<OrderCancelled> event) {
        String orderId = event.aggregateId().id();
        for (Item item : orders.apply(orderId).items()) {
            commands.dispatch(new ReleaseStock(item.sku(), orderId), reactingTo(event, "release"));
        }
    }
}

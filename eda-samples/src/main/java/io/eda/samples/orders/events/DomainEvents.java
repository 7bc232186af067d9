package io.eda.samples.orders.events;

import io.eda.samples.orders.events.InventoryEvent.InventoryRejected;
import io.eda.samples.orders.events.InventoryEvent.InventoryReleased;
import io.eda.samples.orders.events.InventoryEvent.InventoryReserved;
import io.eda.samples.orders.events.InventoryEvent.InventoryStocked;
import io.eda.samples.orders.events.OrderEvent.OrderCancelled;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.events.OrderEvent.OrderPaid;
import io.eda.samples.orders.events.OrderEvent.OrderShipped;
import io.eda.samples.orders.events.PaymentEvent.PaymentCharged;
import io.eda.samples.orders.events.PaymentEvent.PaymentFailed;
import io.eda.serialization.EventTypes;

/** The catalogue: under which name each fact is stored and sent. */
public final class DomainEvents {

    /** All events of the order system. */
    public static final EventTypes TYPES = EventTypes.builder()
            .add("order.created", OrderCreated.class)
            .add("order.paid", OrderPaid.class)
            .add("order.shipped", OrderShipped.class)
            .add("order.cancelled", OrderCancelled.class)
            .add("inventory.stocked", InventoryStocked.class)
            .add("inventory.reserved", InventoryReserved.class)
            .add("inventory.rejected", InventoryRejected.class)
            .add("inventory.released", InventoryReleased.class)
            .add("payment.charged", PaymentCharged.class)
            .add("payment.failed", PaymentFailed.class)
            .build();

    private DomainEvents() {}
}

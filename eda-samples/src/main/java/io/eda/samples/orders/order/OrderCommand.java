package io.eda.samples.orders.order;

import io.eda.samples.orders.events.Item;
import java.util.List;
import java.util.Optional;

/** What can be asked of an order. */
public sealed interface OrderCommand {

    /** Returns which order is asked. */
    String orderId();

    /** A customer orders; see {@link io.eda.samples.orders.events.OrderEvent.OrderCreated} for the parts. */
    record PlaceOrder(String orderId, String customer, List<Item> items, Optional<String> card)
            implements OrderCommand {
        /** Copies the items. */
        public PlaceOrder {
            items = List.copyOf(items);
        }
    }

    /** The payment has come. */
    record ConfirmPayment(String orderId, long amountCents) implements OrderCommand {}

    /** The parcel goes out. */
    record ShipOrder(String orderId) implements OrderCommand {}

    /** The order cannot be fulfilled. */
    record CancelOrder(String orderId, String reason) implements OrderCommand {}
}

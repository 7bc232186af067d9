package io.eda.samples.orders.events;

import java.util.List;
import java.util.Optional;

/** What happens to an order. The aggregate's id is the order's. */
public sealed interface OrderEvent {

    /**
     * A customer has placed the order; from here on its content never changes.
     *
     * @param customer who
     * @param items what, each product once
     * @param card the payment provider's token of the card to charge as soon as the stock is reserved; without one the order
     *     waits until the customer pays
     */
    record OrderCreated(String customer, List<Item> items, Optional<String> card) implements OrderEvent {
        /** Copies the items. */
        public OrderCreated {
            items = List.copyOf(items);
        }

        /** Returns what the order costs. */
        public long totalCents() {
            return items.stream()
                    .mapToLong(item -> item.quantity() * item.unitPriceCents())
                    .sum();
        }
    }

    /** The money is here. */
    record OrderPaid(long amountCents) implements OrderEvent {}

    /** The parcel is on its way. */
    record OrderShipped(String parcel) implements OrderEvent {}

    /** The order ends without a parcel, and nobody has paid for it. */
    record OrderCancelled(String reason) implements OrderEvent {}
}

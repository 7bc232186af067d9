package io.eda.samples.orders.views;

import io.eda.samples.orders.events.Item;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An order as people see it.
 *
 * @param orderId its id
 * @param customer who ordered
 * @param status created, reserved, paid, shipped or cancelled
 * @param payment open, charged or failed
 * @param totalCents what it costs
 * @param items what was ordered
 * @param card what is charged by itself; without it a reserved order waits until the customer pays
 * @param note the parcel, or why it was cancelled
 * @param placedAt when it was placed
 * @param changedAt when it last changed
 */
public record OrderView(
        String orderId,
        String customer,
        String status,
        String payment,
        long totalCents,
        List<Item> items,
        Optional<String> card,
        String note,
        Instant placedAt,
        Instant changedAt) {

    /** Copies the items. */
    public OrderView {
        items = List.copyOf(items);
    }
}

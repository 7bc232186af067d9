package io.eda.samples.orders.events;

/** What happens to the stock of one product. The aggregate's id is the product's. */
public sealed interface InventoryEvent {

    /** The shelf was filled for the first time. */
    record InventoryStocked(int quantity) implements InventoryEvent {}

    /** Pieces were set aside for an order. */
    record InventoryReserved(String orderId, int quantity) implements InventoryEvent {}

    /** There was not enough for an order. */
    record InventoryRejected(String orderId, int quantity, int available) implements InventoryEvent {}

    /** What was set aside for an order is back on the shelf. */
    record InventoryReleased(String orderId, int quantity) implements InventoryEvent {}
}

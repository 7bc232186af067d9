package io.eda.samples.orders.inventory;

/** What can be asked of the stock of a product. */
public sealed interface InventoryCommand {

    /** Returns whose stock is asked. */
    String sku();

    /** Fills the shelf, once: asked at every start, and answered at the first. */
    record StockUp(String sku, int quantity) implements InventoryCommand {}

    /** Sets pieces aside for an order. */
    record ReserveStock(String sku, String orderId, int quantity) implements InventoryCommand {}

    /** Puts back what was set aside for an order. */
    record ReleaseStock(String sku, String orderId) implements InventoryCommand {}
}

package io.eda.samples.orders.events;

/**
 * One line of an order.
 *
 * @param sku the product
 * @param quantity how many pieces, 1 to {@value #MAX_QUANTITY}
 * @param unitPriceCents the price of a piece when it was ordered
 */
public record Item(String sku, int quantity, long unitPriceCents) {

    /** The most pieces of one product in one order. */
    public static final int MAX_QUANTITY = 1_000;

    /** Checks the quantity and the price. */
    public Item {
        if (quantity < 1 || quantity > MAX_QUANTITY) {
            throw new IllegalArgumentException(
                    "the quantity of '" + sku + "' is " + quantity + ": order 1 to " + MAX_QUANTITY + " pieces");
        }
        if (unitPriceCents < 0) {
            throw new IllegalArgumentException("the price of '" + sku + "' is negative: " + unitPriceCents);
        }
    }

    /** Returns whether {@code other} asks for the same, whatever the price was then. */
    public boolean asksForTheSameAs(Item other) {
        return sku.equals(other.sku) && quantity == other.quantity;
    }
}

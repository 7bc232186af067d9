package io.eda.samples.orders.inventory;

import java.util.List;
import java.util.Optional;

/** What the shop sells. */
public final class Products {

    /**
     * A product of the shop.
     *
     * @param sku its id
     * @param name for people
     * @param priceCents what a piece costs
     * @param firstStock how many pieces fill the shelf at the first start
     */
    public record Product(String sku, String name, long priceCents, int firstStock) {}

    private static final List<Product> ALL = List.of(
            new Product("mug", "A mug of stoneware", 12_00, 1_000_000),
            new Product("book", "A book about events", 39_00, 1_000_000),
            new Product("lamp", "A lamp for late reading", 84_50, 100_000),
            new Product("print", "A signed print, the only one", 250_00, 1));

    private Products() {}

    /** Returns all products. */
    public static List<Product> all() {
        return ALL;
    }

    /** Returns the product {@code sku}, or nothing where the shop has none. */
    public static Optional<Product> find(String sku) {
        return ALL.stream().filter(product -> product.sku().equals(sku)).findFirst();
    }
}

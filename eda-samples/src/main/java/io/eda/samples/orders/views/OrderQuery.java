package io.eda.samples.orders.views;

import io.eda.query.Query;
import java.util.List;
import java.util.Optional;

/** What can be asked about orders and stock. */
public final class OrderQuery {

    /** The most orders that one answer lists. */
    public static final int MAX_ORDERS = 200;

    private OrderQuery() {}

    /** One order. */
    public record OrderById(String orderId) implements Query<Optional<OrderView>> {}

    /** The latest orders, {@value #MAX_ORDERS} at most; of one status where one is given. */
    public record LatestOrders(Optional<String> status) implements Query<List<OrderView>> {}

    /** How many orders still move by themselves: neither ended nor waiting for the customer to pay. */
    public record OrdersUnderWay() implements Query<Long> {}

    /** The stock of every product. */
    public record StockLevels() implements Query<List<StockView>> {}
}

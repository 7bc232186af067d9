package io.eda.samples.orders.demo;

import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.inventory.Inventory;
import io.eda.samples.orders.inventory.Products;
import io.eda.samples.orders.notification.Notification;
import io.eda.samples.orders.order.Order;
import io.eda.samples.orders.payment.Payment;
import io.eda.samples.orders.views.OrderQuery.LatestOrders;
import io.eda.samples.orders.views.OrderQuery.OrderById;
import io.eda.samples.orders.views.OrderQuery.StockLevels;
import io.eda.samples.orders.views.OrderView;
import io.eda.samples.orders.views.StockView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Compares the read models with what is expected, with the events, and with themselves built again. */
final class EndState {

    private final OrderSystem system;
    private final List<String> differences = new ArrayList<>();

    private EndState(OrderSystem system) {
        this.system = system;
    }

    /** Returns what differs; {@code available} is the expected stock of each product. */
    static List<String> differences(OrderSystem system, List<Expectation> orders, Map<String, Long> available)
            throws InterruptedException {
        EndState end = new EndState(system);
        orders.forEach(end::compareOrder);
        end.compare("the number of orders", orders.size(), end.orders().size());
        Products.all().forEach(product -> end.compareStock(product.sku(), available.getOrDefault(product.sku(), 0L)));
        return List.copyOf(end.differences);
    }

    /** Builds the read models again from the first event, and returns what differs then. */
    static List<String> differencesWhenRebuilt(OrderSystem system) throws InterruptedException {
        EndState end = new EndState(system);
        List<OrderView> orders = end.orders();
        List<StockView> stock = system.queries().ask(new StockLevels());
        for (var view : system.views()) {
            long position = view.progress().visiblePosition();
            view.reset();
            view.awaitPosition(position, Settling.PATIENCE);
        }
        end.compare("order_views, built again,", orders, end.orders());
        end.compare("stock_views, built again,", stock, system.queries().ask(new StockLevels()));
        return List.copyOf(end.differences);
    }

    private void compareOrder(Expectation expected) {
        String id = expected.orderId();
        Optional<OrderView> found = system.queries().ask(new OrderById(id));
        String status = found.map(OrderView::status).orElse("missing");
        String payment = found.map(OrderView::payment).orElse("missing");
        compare("the status of " + id + " in order_views", expected.status(), status);
        compare("the payment of " + id + " in order_views", expected.payment(), payment);
        compare(
                "the status of " + id + " by its events",
                status,
                lowerCase(order(id).status()));
        compare(
                "the payment of " + id + " by its events",
                payment,
                lowerCase(payment(id).status()));

        List<String> told =
                system.mailbox().about(id).stream().map(Notification::text).toList();
        boolean isAsExpected = told.size() == expected.told().size();
        for (int i = 0; isAsExpected && i < told.size(); i++) {
            isAsExpected = told.get(i).startsWith(expected.told().get(i));
        }
        if (!isAsExpected) {
            compare("what the customer of " + id + " was told", expected.told(), told);
        }
    }

    private void compareStock(String sku, long available) {
        Inventory stock =
                system.store().rebuildAggregate(Inventory.AGGREGATE, sku).state();
        List<StockView> levels = system.queries().ask(new StockLevels());
        Optional<StockView> view =
                levels.stream().filter(level -> level.sku().equals(sku)).findFirst();
        compare("the stock of " + sku + " by its events", available, (long) stock.available());
        compare(
                "the stock of " + sku + " in stock_views",
                Optional.of(new StockView(sku, available, stock.answers().held())),
                view);
    }

    private void compare(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            differences.add(what + " should be " + expected + " and is " + actual);
        }
    }

    private List<OrderView> orders() {
        return system.queries().ask(new LatestOrders(Optional.empty()));
    }

    private Order order(String id) {
        return system.store().rebuildAggregate(Order.AGGREGATE, id).state();
    }

    private Payment payment(String id) {
        return system.store().rebuildAggregate(Payment.AGGREGATE, id).state();
    }

    private static String lowerCase(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}

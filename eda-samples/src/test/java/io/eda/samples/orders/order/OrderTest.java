package io.eda.samples.orders.order;

import static io.eda.testkit.AggregateScenario.given;

import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.events.OrderEvent;
import io.eda.samples.orders.events.OrderEvent.OrderCancelled;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.events.OrderEvent.OrderPaid;
import io.eda.samples.orders.events.OrderEvent.OrderShipped;
import io.eda.samples.orders.order.OrderCommand.CancelOrder;
import io.eda.samples.orders.order.OrderCommand.ConfirmPayment;
import io.eda.samples.orders.order.OrderCommand.PlaceOrder;
import io.eda.samples.orders.order.OrderCommand.ShipOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OrderTest {

    private static final Item MUGS = new Item("mug", 2, 12_00);
    private static final OrderEvent CREATED = new OrderCreated("ada", List.of(MUGS), Optional.empty());
    private static final OrderEvent PAID = new OrderPaid(24_00);
    private static final OrderEvent SHIPPED = new OrderShipped("parcel-1");
    private static final OrderEvent CANCELLED = new OrderCancelled("no stock");

    private static final ConfirmPayment CONFIRM = new ConfirmPayment("1", 24_00);
    private static final ShipOrder SHIP = new ShipOrder("1");
    private static final CancelOrder CANCEL = new CancelOrder("1", "no stock");

    @Test
    void another_order_under_a_known_id_is_refused() {
        given(Order.AGGREGATE, CREATED).when(place("bob", MUGS), Order::place).thenRejected("another order '1'");
        given(Order.AGGREGATE, CREATED)
                .when(place("ada", new Item("mug", 3, 12_00)), Order::place)
                .thenRejected("another order");
        given(Order.AGGREGATE, CREATED)
                .when(place("ada", MUGS, new Item("book", 1, 39_00)), Order::place)
                .thenRejected("another order");
    }

    @Test
    void a_new_order_is_accepted() {
        given(Order.AGGREGATE).when(place("ada", MUGS), Order::place).thenEvents(CREATED);
    }

    @Test
    void the_same_order_again_changes_nothing_also_after_the_price_has_changed() {
        given(Order.AGGREGATE, CREATED).when(place("ada", MUGS), Order::place).thenNothing();
        given(Order.AGGREGATE, CREATED, PAID, SHIPPED)
                .when(place("ada", new Item("mug", 2, 15_00)), Order::place)
                .thenNothing();
    }

    @Test
    void a_payment_is_confirmed_once() {
        given(Order.AGGREGATE, CREATED).when(CONFIRM, Order::confirmPayment).thenEvents(PAID);
        given(Order.AGGREGATE, CREATED, PAID)
                .when(CONFIRM, Order::confirmPayment)
                .thenNothing();
        given(Order.AGGREGATE, CREATED, PAID, SHIPPED)
                .when(CONFIRM, Order::confirmPayment)
                .thenNothing();
    }

    @Test
    void money_for_a_cancelled_order_is_an_error_that_somebody_sees() {
        given(Order.AGGREGATE, CREATED, CANCELLED)
                .when(CONFIRM, Order::confirmPayment)
                .thenRejected("CANCELLED");
    }

    @Test
    void a_paid_order_is_shipped_once_and_an_unpaid_one_never() {
        given(Order.AGGREGATE, CREATED, PAID).when(SHIP, Order::ship).thenEvents(SHIPPED);
        given(Order.AGGREGATE, CREATED, PAID, SHIPPED).when(SHIP, Order::ship).thenNothing();
        given(Order.AGGREGATE, CREATED).when(SHIP, Order::ship).thenRejected("CREATED");
    }

    @Test
    void an_order_is_cancelled_once_and_a_paid_one_never() {
        given(Order.AGGREGATE, CREATED).when(CANCEL, Order::cancel).thenEvents(CANCELLED);
        given(Order.AGGREGATE, CREATED, CANCELLED).when(CANCEL, Order::cancel).thenNothing();
        given(Order.AGGREGATE, CREATED, PAID).when(CANCEL, Order::cancel).thenRejected("PAID");
    }

    private static PlaceOrder place(String customer, Item... items) {
        return new PlaceOrder("1", customer, List.of(items), Optional.empty());
    }
}

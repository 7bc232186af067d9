package io.eda.samples.orders.order;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.Evolution;
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

/**
 * One order. Every decision looks at the state first, so a command that comes again changes nothing.
 *
 * @param status how far it is
 * @param customer who ordered
 * @param items what
 * @param card what to charge, where the customer said so
 */
public record Order(Status status, String customer, List<Item> items, Optional<String> card) {

    /** How far an order is. */
    public enum Status {
        /** Nobody has placed it. */
        NEW,
        /** It waits for its stock and its payment. */
        CREATED,
        /** It waits for its parcel. */
        PAID,
        /** It has ended well. */
        SHIPPED,
        /** It has ended badly. */
        CANCELLED
    }

    /** Orders: their first state, and what each event makes of it. */
    public static final Aggregate<Order, OrderEvent> AGGREGATE = Aggregate.of(
            "order",
            new Order(Status.NEW, "", List.of(), Optional.empty()),
            Evolution.<Order, OrderEvent>over(OrderEvent.class)
                    .on(OrderCreated.class, Order::created)
                    .on(OrderPaid.class, (order, paid) -> order.with(Status.PAID))
                    .on(OrderShipped.class, (order, shipped) -> order.with(Status.SHIPPED))
                    .on(OrderCancelled.class, (order, cancelled) -> order.with(Status.CANCELLED))
                    .build());

    /** Accepts a new order; the same one again is accepted and changes nothing. */
    public static List<OrderEvent> place(PlaceOrder command, Order order) {
        if (order.status == Status.NEW) {
            return List.of(new OrderCreated(command.customer(), command.items(), command.card()));
        }
        if (!order.isWhatWasAskedFor(command)) {
            throw new OrderRefusedException("there is another order '" + command.orderId() + "' already, of "
                    + order.customer + ": use a new order id");
        }
        return List.of();
    }

    /** Notes that the money is here. */
    public static List<OrderEvent> confirmPayment(ConfirmPayment command, Order order) {
        return order.move(Status.CREATED, Status.PAID, command, new OrderPaid(command.amountCents()));
    }

    /** Sends the parcel. */
    public static List<OrderEvent> ship(ShipOrder command, Order order) {
        return order.move(Status.PAID, Status.SHIPPED, command, new OrderShipped("parcel-" + command.orderId()));
    }

    /** Ends the order. */
    public static List<OrderEvent> cancel(CancelOrder command, Order order) {
        return order.move(Status.CREATED, Status.CANCELLED, command, new OrderCancelled(command.reason()));
    }

    /** Nothing where it was done before. What must never happen is an error that somebody sees, not a silent no. */
    private List<OrderEvent> move(Status from, Status to, OrderCommand command, OrderEvent event) {
        if (status == from) {
            return List.of(event);
        }
        boolean wasDone = status == to || (to == Status.PAID && status == Status.SHIPPED);
        if (!wasDone) {
            throw new IllegalStateException(command + " came, but the order is " + status);
        }
        return List.of();
    }

    private boolean isWhatWasAskedFor(PlaceOrder command) {
        return customer.equals(command.customer())
                && card.equals(command.card())
                && items.size() == command.items().size()
                && items.stream().allMatch(item -> command.items().stream().anyMatch(item::asksForTheSameAs));
    }

    private Order created(OrderCreated event) {
        return new Order(Status.CREATED, event.customer(), event.items(), event.card());
    }

    private Order with(Status next) {
        return new Order(next, customer, items, card);
    }
}

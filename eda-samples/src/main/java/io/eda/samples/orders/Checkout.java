package io.eda.samples.orders;

import io.eda.command.CommandContext;
import io.eda.command.CommandResult;
import io.eda.event.Event;
import io.eda.event.Metadata;
import io.eda.samples.orders.order.Order;
import io.eda.samples.orders.order.OrderCommand.PlaceOrder;
import io.eda.samples.orders.order.OrderRefusedException;
import io.eda.samples.orders.payment.ChargePayment;
import io.eda.samples.orders.views.OrderQuery.OrderById;
import io.eda.samples.orders.views.OrderView;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What customers can do: place an order, and pay one that has no card.
 *
 * @param system the order system
 */
public record Checkout(OrderSystem system) {

    private static final Duration READ_YOUR_OWN_WRITE = Duration.ofSeconds(5);
    private static final Duration STOCK_ANSWERS_WITHIN = Duration.ofSeconds(2);
    private static final long STOCK_CHECK_MILLIS = 20;

    /**
     * Places an order; the same one again changes nothing.
     *
     * @throws OrderRefusedException if there is another order of this id
     */
    public CommandResult place(PlaceOrder order) {
        return place(order, Metadata.empty());
    }

    /** As above, with what travels with all that follows: the context of the caller's trace, for example. */
    public CommandResult place(PlaceOrder order, Metadata metadata) {
        String id = "place:" + UUID.randomUUID();
        return system.commands().dispatch(order, new CommandContext(id, id, metadata));
    }

    /**
     * Charges {@code card} for a reserved order; one that is paid stays as it is. Returns nothing where there is no such order.
     *
     * @throws OrderRefusedException if the order cannot be paid now
     * @throws InterruptedException if the thread is interrupted while it waits for the stock's answer
     */
    public Optional<OrderView> pay(String orderId, String card) throws InterruptedException {
        Optional<OrderView> found = awaitStock(orderId);
        if (found.isEmpty()) {
            return found;
        }
        OrderView order = found.get();
        if (order.payment().equals("charged")) {
            return found;
        }
        if (!order.status().equals("reserved")) {
            throw new OrderRefusedException(
                    order.status().equals("created")
                            ? "order '" + orderId + "' still waits for its stock: try again in a moment"
                            : "order '" + orderId + "' is " + order.status() + ": " + order.note());
        }
        CommandResult paid =
                system.commands().dispatch(new ChargePayment(orderId, order.totalCents(), card), continuing(orderId));
        return show(orderId, paid.position());
    }

    /**
     * Returns the order as it is once the read model has seen {@code position}: nobody misses his own change.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Optional<OrderView> show(String orderId, long position) throws InterruptedException {
        system.views().get(0).awaitPosition(position, READ_YOUR_OWN_WRITE);
        return system.queries().ask(new OrderById(orderId));
    }

    // Who places and pays in one breath would else be told to come back: reserving takes some milliseconds.
    private Optional<OrderView> awaitStock(String orderId) throws InterruptedException {
        long deadline = System.nanoTime() + STOCK_ANSWERS_WITHIN.toNanos();
        while (true) {
            Optional<OrderView> order = system.queries().ask(new OrderById(orderId));
            boolean isAnswered = order.isEmpty() || !order.get().status().equals("created");
            if (isAnswered || System.nanoTime() > deadline) {
                return order;
            }
            Thread.sleep(STOCK_CHECK_MILLIS);
        }
    }

    /** The payment belongs to the conversation that the order began. */
    private CommandContext continuing(String orderId) {
        Event<?> created = system.store().getEvents(Order.AGGREGATE.id(orderId)).get(0);
        return new CommandContext("pay:" + UUID.randomUUID(), created.correlationId(), Metadata.empty());
    }
}

package io.eda.samples.orders.notification;

import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.samples.orders.events.OrderEvent.OrderCancelled;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.events.OrderEvent.OrderPaid;
import io.eda.samples.orders.events.OrderEvent.OrderShipped;
import java.util.function.Function;

/** What customers are told, and when. */
public final class NotificationReactions {

    /** The group, and the events that it wants. */
    public static final SubscriptionOptions SUBSCRIPTION =
            SubscriptionOptions.forGroup("notification").withTypes("order.*");

    private final Mailbox mailbox;
    private final Function<String, OrderCreated> orders;

    private NotificationReactions(Mailbox mailbox, Function<String, OrderCreated> orders) {
        this.mailbox = mailbox;
        this.orders = orders;
    }

    /** Returns the reactions; {@code orders} tells what was ordered under an id, and by whom. */
    public static EventHandler handler(Mailbox mailbox, Function<String, OrderCreated> orders) {
        var customers = new NotificationReactions(mailbox, orders);
        return EventHandler.on(OrderCreated.class, event -> customers.tell(event, "we have your order"))
                .on(OrderPaid.class, event -> customers.tell(event, "your payment has arrived"))
                .on(OrderShipped.class, event -> customers.tell(event, "your order is on its way"))
                .on(OrderCancelled.class, customers::explain);
    }

    private void explain(Event<OrderCancelled> event) {
        tell(event, "your order was cancelled: " + event.data().reason());
    }

    private void tell(Event<?> event, String text) {
        String orderId = event.aggregateId().id();
        mailbox.post(
                new Notification(event.eventId(), orderId, orders.apply(orderId).customer(), text));
    }
}

package io.eda.samples.orders.demo;

import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.notification.Notification;
import io.eda.samples.orders.order.Order;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells the life of an order: all events of its conversation, when each came, and because of what. */
final class Story {

    private static final int PAGE = 500;

    private final OrderSystem system;
    private final PrintStream out;
    private final List<Event<?>> history;
    private final Map<String, Event<?>> byId = new HashMap<>();

    /** Prepares to tell about {@code system}, which has a short history. */
    Story(OrderSystem system, PrintStream out) {
        this.system = system;
        this.out = out;
        this.history = history(system);
        history.forEach(event -> byId.put(event.eventId().toString(), event));
    }

    void tell(String orderId, String title) {
        Event<?> first = system.store().getEvents(Order.AGGREGATE.id(orderId)).get(0);
        out.printf("%nOrder %s: %s%n", orderId, title);
        for (Event<?> event : history) {
            if (event.correlationId().equals(first.correlationId())) {
                long millis =
                        Duration.between(first.timestamp(), event.timestamp()).toMillis();
                out.printf(
                        "  %+5d ms  %-19s %-17s %s%n",
                        millis, event.eventType(), event.aggregateId() + "@" + event.aggregateVersion(), cause(event));
            }
        }
        for (Notification told : system.mailbox().about(orderId)) {
            out.printf("  %8s  told %s: %s%n", "", told.customer(), told.text());
        }
    }

    /** A reaction's command is named after the event and the step, see CommandContext.reactingTo. */
    private String cause(Event<?> event) {
        int end = event.causationId().indexOf(':');
        String id = end < 0 ? event.causationId() : event.causationId().substring(0, end);
        Event<?> cause = byId.get(id);
        return cause == null
                ? "the customer's wish: " + id
                : "because of " + cause.eventType() + " " + cause.aggregateId() + "@" + cause.aggregateVersion();
    }

    private static List<Event<?>> history(OrderSystem system) {
        List<Event<?>> events = new ArrayList<>();
        EventPage page = new EventPage(List.of(), 0, 0);
        do {
            page = system.store().storage().readAll(page.position(), EventFilter.all(), PAGE);
            for (StoredEvent<EventRecord> stored : page.events()) {
                events.addAll(system.store().serializer().deserialize(stored.event()));
            }
        } while (!page.isLast());
        return events;
    }
}

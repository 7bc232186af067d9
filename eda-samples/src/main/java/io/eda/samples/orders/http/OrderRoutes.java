package io.eda.samples.orders.http;

import io.eda.command.CommandResult;
import io.eda.event.Event;
import io.eda.samples.orders.Checkout;
import io.eda.samples.orders.OrderReader;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.order.Order;
import io.eda.samples.orders.order.OrderCommand.PlaceOrder;
import io.eda.samples.orders.payment.Payment;
import io.eda.samples.orders.views.OrderQuery.LatestOrders;
import io.eda.samples.orders.views.OrderQuery.OrderById;
import io.eda.samples.orders.views.OrderQuery.StockLevels;
import io.eda.samples.orders.views.OrderView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What each route does. */
final class OrderRoutes {

    private final OrderSystem system;
    private final Checkout checkout;

    OrderRoutes(OrderSystem system) {
        this.system = system;
        this.checkout = new Checkout(system);
    }

    Reply welcome(Request request) throws IOException {
        try (InputStream page = OrderRoutes.class.getResourceAsStream("welcome.html")) {
            if (page == null) {
                throw new IOException("welcome.html is missing beside " + OrderRoutes.class.getName());
            }
            int port = request.exchange().getLocalAddress().getPort();
            String html = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            return Reply.html(html.replace("{url}", "http://127.0.0.1:" + port));
        }
    }

    Reply products(Request request) {
        return Reply.json(200, system.queries().ask(new StockLevels()));
    }

    Reply list(Request request) {
        return Reply.json(200, system.queries().ask(new LatestOrders(request.parameter("status"))));
    }

    Reply place(Request request) throws Exception {
        PlaceOrder order =
                OrderReader.order(request.body(), () -> UUID.randomUUID().toString());
        CommandResult placed = checkout.place(order, request.trace());
        return found(
                placed.eventCount() > 0 ? 201 : 200,
                order.orderId(),
                checkout.show(order.orderId(), placed.position()));
    }

    Reply show(Request request) {
        return found(200, request.id(), system.queries().ask(new OrderById(request.id())));
    }

    Reply pay(Request request) throws Exception {
        String card = OrderReader.payment(request.body());
        return found(200, request.id(), checkout.pay(request.id(), card));
    }

    Reply events(Request request) {
        String id = request.id();
        if (system.queries().ask(new OrderById(id)).isEmpty()) {
            return notFound(id);
        }
        List<Event<?>> order = system.store().getEvents(Order.AGGREGATE.id(id));
        List<Event<?>> payment = system.store().getEvents(Payment.AGGREGATE.id(id));
        return Reply.json(
                200,
                Stream.concat(order.stream(), payment.stream())
                        .sorted(Comparator.comparing(Event::timestamp))
                        .map(OrderRoutes::envelope)
                        .toList());
    }

    private static Map<String, Object> envelope(Event<?> event) {
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("eventId", event.eventId());
        envelope.put("eventType", event.eventType().name());
        envelope.put("schemaVersion", event.eventType().version());
        envelope.put("timestamp", event.timestamp());
        envelope.put("correlationId", event.correlationId());
        envelope.put("causationId", event.causationId());
        envelope.put("aggregateId", event.aggregateId().toString());
        envelope.put("aggregateVersion", event.aggregateVersion());
        envelope.put("data", event.data());
        envelope.put("metadata", event.metadata().asMap());
        return envelope;
    }

    private static Reply found(int status, String id, Optional<OrderView> order) {
        return order.map(view -> Reply.json(status, view)).orElseGet(() -> notFound(id));
    }

    private static Reply notFound(String id) {
        return Reply.error(404, "there is no order '" + id + "'");
    }
}

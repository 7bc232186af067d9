package io.eda.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.bus.EventBus;
import io.eda.bus.Exhausted;
import io.eda.command.CommandBus;
import io.eda.command.CommandContext;
import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemoryTransport;
import io.eda.outbox.OutboxRelay;
import io.eda.samples.orders.events.DomainEvents;
import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.inventory.Inventory;
import io.eda.samples.orders.inventory.InventoryCommand.StockUp;
import io.eda.samples.orders.notification.Notification;
import io.eda.samples.orders.order.Order;
import io.eda.samples.orders.order.Order.Status;
import io.eda.samples.orders.order.OrderCommand.PlaceOrder;
import io.eda.samples.orders.payment.Payment;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStorage;
import io.eda.store.EventStore;
import io.eda.transport.EventTransport;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole choreography over the in-memory adapters: in peace, and over a bus and a store that misbehave. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChoreographyTest {

    private static final int PRINTS = 5;
    private static final int LAMPS = 40;

    private final Map<UUID, Notification> told = new ConcurrentHashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    private EventStore store;
    private CommandBus commands;

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void an_order_without_stock_is_cancelled_and_what_it_held_is_released() {
        start(new InMemoryEventStorage(), InMemoryTransport.confirmingWhenHandled());
        place("A", "tok-visa", new Item("lamp", 2, 1), new Item("print", PRINTS + 1, 1));
        awaitEnd("A", Status.CANCELLED);
        await().until(() -> stock("lamp").available() == LAMPS);
        assertThat(types("payment", "A")).isEmpty();
        await().untilAsserted(() -> assertThat(told("A"))
                .containsExactly(
                        "we have your order",
                        "your order was cancelled: not enough stock: 6 × print ordered, 5 available"));
    }

    @Test
    void an_order_whose_payment_fails_is_cancelled_and_what_it_held_is_released() {
        start(new InMemoryEventStorage(), InMemoryTransport.confirmingWhenHandled());
        place("A", Payment.DECLINED_CARD, new Item("lamp", 2, 1), new Item("print", 1, 1));
        awaitEnd("A", Status.CANCELLED);
        await().until(() -> stock("lamp").available() == LAMPS && stock("print").available() == PRINTS);
        assertThat(types("payment", "A")).containsExactly("payment.failed");
    }

    @Test
    void an_order_goes_all_the_way_in_one_conversation() {
        start(new InMemoryEventStorage(), InMemoryTransport.confirmingWhenHandled());
        place("A", "tok-visa", new Item("lamp", 2, 1), new Item("print", 1, 1));
        awaitEnd("A", Status.SHIPPED);
        assertThat(types("order", "A")).containsExactly("order.created", "order.paid", "order.shipped");
        assertThat(types("payment", "A")).containsExactly("payment.charged");
        assertThat(store.getEvents(Order.AGGREGATE.id("A")))
                .extracting(Event::correlationId)
                .containsOnly("conversation-A");
        assertThat(stock("lamp").available()).isEqualTo(LAMPS - 2);
    }

    /** Every message twice and half of all deliveries given back; appends that fail, or succeed and say that they failed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whatever_comes_twice_late_or_not_at_first_leads_to_the_same_end(long seed) {
        start(
                new MisbehavingStorage(new InMemoryEventStorage(), seed),
                new MisbehavingTransport(InMemoryTransport.confirmingWhenHandled(), seed));
        int orders = 30;
        for (int i = 0; i < orders; i++) {
            String card = i % 3 == 0 ? Payment.DECLINED_CARD : "tok-visa";
            // Both directions, so that orders meet each other half-way.
            Item lamp = new Item("lamp", 1, 1);
            Item print = new Item("print", 1, 1);
            place("order-" + i, card, i % 2 == 0 ? lamp : print, i % 2 == 0 ? print : lamp);
        }
        for (int i = 0; i < orders; i++) {
            awaitEnd("order-" + i);
        }
        // Declined cards give their prints back, so how many are left depends on who came when; the sums do not.
        await().untilAsserted(() -> {
            long shipped = countShipped(orders);
            assertThat(shipped).isBetween(1L, (long) PRINTS);
            assertThat((long) stock("print").available()).isEqualTo(PRINTS - shipped);
            assertThat((long) stock("lamp").available()).isEqualTo(LAMPS - shipped);
            assertThat(told).hasSize((int) (3 * shipped + 2 * (orders - shipped)));
        });
        for (int i = 0; i < orders; i++) {
            assertLivedOnce("order-" + i);
        }
    }

    private void start(EventStorage storage, EventTransport transport) {
        var json = new JacksonEventSerializer(DomainEvents.TYPES);
        store = new EventStore(storage, json);
        commands = OrderSystem.commands(store, ObservationRegistry.NOOP);
        EventBus bus = new EventBus(transport, json);
        open.add(bus);
        OrderSystem.subscribe(
                bus,
                new Messaging(transport, Exhausted.BLOCK, Optional.empty()),
                commands,
                OrderSystem.orders(store),
                note -> told.putIfAbsent(note.eventId(), note));
        open.add(OutboxRelay.builder("relay", storage, new InMemoryCheckpointStore<>("nothing"), bus)
                .start());
        stubbornly(() -> commands.dispatch(new StockUp("lamp", LAMPS)));
        stubbornly(() -> commands.dispatch(new StockUp("print", PRINTS)));
    }

    private void place(String orderId, String card, Item... items) {
        PlaceOrder order = new PlaceOrder(orderId, "ada", List.of(items), Optional.of(card));
        var context = CommandContext.startedBy("conversation-" + orderId);
        stubbornly(() -> commands.dispatch(order, context));
    }

    /** As a client would: the store may fail, and the command may be repeated. */
    private static void stubbornly(Runnable action) {
        await().ignoreExceptions().until(() -> {
            action.run();
            return true;
        });
    }

    private void awaitEnd(String orderId, Status... ends) {
        List<Status> expected = ends.length == 0 ? List.of(Status.SHIPPED, Status.CANCELLED) : List.of(ends);
        await().atMost(Duration.ofSeconds(60)).until(() -> expected.contains(status(orderId)));
    }

    private void assertLivedOnce(String orderId) {
        List<String> order = types("order", orderId);
        if (order.contains("order.shipped")) {
            assertThat(order).containsExactly("order.created", "order.paid", "order.shipped");
            assertThat(types("payment", orderId)).containsExactly("payment.charged");
        } else {
            assertThat(order).containsExactly("order.created", "order.cancelled");
            assertThat(types("payment", orderId)).isSubsetOf("payment.failed").hasSizeLessThan(2);
        }
    }

    private long countShipped(int orders) {
        long shipped = 0;
        for (int i = 0; i < orders; i++) {
            shipped += status("order-" + i) == Status.SHIPPED ? 1 : 0;
        }
        return shipped;
    }

    private Status status(String orderId) {
        return store.rebuildAggregate(Order.AGGREGATE, orderId).state().status();
    }

    private Inventory stock(String sku) {
        return store.rebuildAggregate(Inventory.AGGREGATE, sku).state();
    }

    private List<String> types(String aggregate, String id) {
        return store.getEvents(AggregateId.of(aggregate, id)).stream()
                .map(event -> event.eventType().name())
                .toList();
    }

    private List<String> told(String orderId) {
        return told.values().stream()
                .filter(note -> note.orderId().equals(orderId))
                .sorted(Comparator.comparing(Notification::eventId))
                .map(Notification::text)
                .toList();
    }
}

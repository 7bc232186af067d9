package io.eda.samples.docs;

import io.eda.bus.Deduplication;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.idempotency.IdempotencyStore;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.inmemory.InMemoryTransport;
import io.eda.observation.EventLife;
import io.eda.observation.EventLifecycle;
import io.eda.observation.Health;
import io.eda.observation.HealthChecks;
import io.eda.observation.LivedEvent;
import io.eda.observation.Outcome;
import io.eda.observation.Passage;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.samples.orders.events.DomainEvents;
import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.order.Order;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** The code of {@code docs/guides/event-life.md}, in memory. */
final class EventLifeGuide implements AutoCloseable {

    private final JacksonEventSerializer json = new JacksonEventSerializer(DomainEvents.TYPES);
    private final InMemoryEventStorage storage = new InMemoryEventStorage();
    private final EventStore store = new EventStore(storage, json);
    private final InMemoryCheckpointStore<Set<String>> checkpoints = new InMemoryCheckpointStore<>(new TreeSet<>());
    private final IdempotencyStore handled = new InMemoryIdempotencyStore();
    private final InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted();
    private final List<AutoCloseable> open = new ArrayList<>();

    private final Projection<Set<String>> views = Projection.<Set<String>>named("order_views")
            .on(
                    OrderCreated.class,
                    (event, read) -> read.add(event.aggregateId().id()))
            .build();

    /** Returns the life of an order that everybody has handled. */
    EventLife lifeOfAnOrder() throws InterruptedException {
        var bus = EventBus.builder(transport, json)
                .interventions(checkpoints.interventions())
                .build();
        var inventory = SubscriptionOptions.forGroup("inventory").withDeduplication(Deduplication.by(handled));
        var subscription = bus.subscribe(inventory, event -> {});
        var relay = OutboxRelay.builder("relay", storage, checkpoints, bus).start();
        var orderViews = ProjectionRunner.of(views, store, checkpoints).start();

        var lifecycle = EventLifecycle.builder(storage)
                .relay(relay)
                .projection(orderViews)
                .group(bus, inventory, subscription)
                .interventions(checkpoints.interventions())
                .build();

        open.addAll(List.of(bus, relay, orderViews));
        UUID eventId = placeOrder();
        orderViews.awaitPosition(1, Duration.ofSeconds(30));
        relay.awaitPosition(1, Duration.ofSeconds(30));
        return life(lifecycle, eventId);
    }

    private static EventLife life(EventLifecycle lifecycle, UUID eventId) {
        Optional<EventLife> life = lifecycle.of(eventId);
        life.ifPresent(System.out::println);
        return life.orElseThrow();
    }

    /** Returns where an event waits for somebody. */
    static List<String> stuck(EventLife life) {
        List<String> stuck = new ArrayList<>();
        for (LivedEvent event : life.events()) {
            for (Passage passage : event.passages()) {
                if (passage.outcome() instanceof Outcome.DeadLettered dead) {
                    stuck.add(passage.place() + " gave it up after " + dead.attempts() + " attempts");
                }
            }
        }
        return stuck;
    }

    /** Returns how the parts are. */
    List<Health> health(ProjectionRunner<?> orderViews, OutboxRelay relay, EventBus bus) {
        try (var health = HealthChecks.builder()
                .timeout(Duration.ofSeconds(1))
                .store(storage)
                .projection(orderViews)
                .relay(relay)
                .deadLetters(bus, "inventory")
                .deduplication(handled)
                .build()) {
            return health.check();
        }
    }

    private UUID placeOrder() {
        var id = Order.AGGREGATE.id("A-1");
        store.append(
                id,
                ExpectedVersion.noEvents(),
                List.of(new OrderCreated("ada", List.of(new Item("mug", 2, 900)), Optional.empty())));
        Event<?> placed = store.getEvents(id).get(0);
        return placed.eventId();
    }

    @Override
    public void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}

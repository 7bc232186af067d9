package io.eda.samples.orders.operations;

import com.rabbitmq.client.ConnectionFactory;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.bus.EventBus;
import io.eda.event.Event;
import io.eda.outbox.OutboxRelay;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.samples.orders.events.DomainEvents;
import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.order.Order;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresEventStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A store, a relay and a bus over real servers, for handlers that a test brings along. */
final class SmallSystem implements AutoCloseable {

    static final Backoff QUICK = new Backoff(Duration.ofMillis(5), Duration.ofMillis(20));

    final PostgresEventStorage storage;
    final EventStore store;
    final PostgresCheckpointStore checkpoints;
    final EventBus bus;
    private final List<AutoCloseable> open = new ArrayList<>();

    private SmallSystem(DataSource database, RabbitMqTransport transport) {
        var json = new JacksonEventSerializer(DomainEvents.TYPES);
        storage = PostgresEventStorage.create(database);
        store = new EventStore(storage, json);
        checkpoints = PostgresCheckpointStore.create(database);
        bus = EventBus.builder(transport, json)
                .interventions(checkpoints.interventions())
                .build();
        open.add(storage);
        open.add(bus);
    }

    /** Opens one over the RabbitMQ at this address, with an exchange of its own. */
    static SmallSystem over(DataSource database, String rabbitMqUri) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(rabbitMqUri);
        String exchange = "life-" + UUID.randomUUID().toString().substring(0, 8);
        return new SmallSystem(
                database,
                RabbitMqTransport.connect(RabbitMqOptions.of(factory)
                        .withTopology(RabbitMqTopology.defaults().withExchange(exchange))));
    }

    /** Closes {@code part} before the rest. */
    <T extends AutoCloseable> T closing(T part) {
        open.add(part);
        return part;
    }

    OutboxRelay relay() {
        return closing(OutboxRelay.builder("relay", storage, checkpoints, bus).start());
    }

    Event<?> order(String customer) {
        var id = Order.AGGREGATE.id("o-" + UUID.randomUUID());
        var facts = List.of(new OrderCreated(customer, List.of(new Item("mug", 1, 900)), Optional.empty()));
        store.append(id, ExpectedVersion.noEvents(), facts);
        return store.getEvents(id).get(0);
    }

    static RetryPolicy attempts(int count) {
        return RetryPolicy.defaults().withBackoff(QUICK).withAttempts(count, 0);
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    @Override
    public void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}

package io.eda.testkit.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.Subscription;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.EventSerializer;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Timeout;

/** What the cases of all groups are written with. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(180)
abstract class BusCases {

    static final RetryPolicy THREE_ATTEMPTS = RetryPolicy.defaults()
            .withBackoff(new Backoff(Duration.ofMillis(1), Duration.ofMillis(20)))
            .withAttempts(2, 1);

    private final EventBusContract suite;
    private final String mark = "t" + UUID.randomUUID().toString().substring(24);
    private final EventTypes types =
            EventTypes.builder().add(typeName(), Deposited.class).build();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init") // open() sets it before every test.
    private EventTransport transport;

    @SuppressWarnings("NullAway.Init") // open() sets it before every test.
    private EventBus bus;

    BusCases(EventBusContract suite) {
        this.suite = suite;
    }

    /** The fact of all cases. */
    record Deposited(long cents) {}

    @BeforeEach
    final void open() throws Exception {
        transport = suite.openTransport();
        bus = busOver(transport);
    }

    @AfterEach
    final void closeWhatWasOpened() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    final EventBus busOver(EventTransport over) {
        EventBus opening = new EventBus(over, serializer());
        opened.push(opening);
        return opening;
    }

    final EventSerializer serializer() {
        return new JacksonEventSerializer(types);
    }

    final EventBus bus() {
        return bus;
    }

    final EventTransport transport() {
        return transport;
    }

    final Duration patience() {
        return suite.patience();
    }

    final String typeName() {
        return mark + ".deposited";
    }

    /** Returns a group that is this case's own. */
    final String group(String name) {
        return mark + "-" + name;
    }

    final AggregateId account(String name) {
        return AggregateId.of(mark, name);
    }

    final Event<Deposited> deposit(String account, long version) {
        return new Event<>(
                UUID.randomUUID(),
                EventType.of(typeName()),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                "talk",
                "cause",
                account(account),
                version,
                new Deposited(version),
                Metadata.of("tenant", "größe"));
    }

    final List<Event<Deposited>> deposits(String account, int count) {
        List<Event<Deposited>> deposits = new ArrayList<>();
        for (int version = 1; version <= count; version++) {
            deposits.add(deposit(account, version));
        }
        return deposits;
    }

    final SubscriptionOptions options(String group) {
        return SubscriptionOptions.forGroup(group(group)).withTypes(typeName()).withRetry(THREE_ATTEMPTS);
    }

    /** Subscribes, and returns when it receives. */
    final Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
        return subscribe(bus, options, handler);
    }

    final Subscription subscribe(EventBus on, SubscriptionOptions options, EventHandler handler) {
        Subscription subscription = on.subscribe(options, handler);
        opened.push(subscription);
        eventually("it receives", () -> subscription.status().isHealthy());
        return subscription;
    }

    final void publish(Event<?> event) throws Exception {
        bus.publish(event).get(patience().toNanos(), TimeUnit.NANOSECONDS);
    }

    final void publish(List<? extends Event<?>> events) throws Exception {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        events.forEach(event -> futures.add(bus.publish(event)));
        for (CompletableFuture<Void> future : futures) {
            assertThat(future.get(patience().toNanos(), TimeUnit.NANOSECONDS)).isNull();
        }
    }

    final void eventually(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(patience())
                .pollInterval(Duration.ofMillis(5))
                .until(condition::getAsBoolean);
    }
}

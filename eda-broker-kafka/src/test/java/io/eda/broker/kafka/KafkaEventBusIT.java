package io.eda.broker.kafka;

import static io.eda.broker.kafka.Inbox.eventually;
import static io.eda.broker.kafka.TestKafka.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.bus.DeadLetter;
import io.eda.bus.EventBus;
import io.eda.bus.Subscription;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The bus over Kafka: typed events in, typed events out, and the pipeline's promises in between. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class KafkaEventBusIT {

    record Deposited(long cents) {}

    record Audited(long version) {}

    private static final EventTypes TYPES = EventTypes.builder()
            .add("money.deposited", Deposited.class)
            .add("money.audited", Audited.class)
            .build();

    private final KafkaOptions options = TestKafka.options();
    private final String group = fresh("mail");
    private final EventBus bus = new EventBus(KafkaTransport.connect(options), new JacksonEventSerializer(TYPES));
    private final List<Event<?>> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void events_come_back_as_they_were_and_each_aggregate_in_its_order() throws Exception {
        List<Event<?>> published = new ArrayList<>();
        for (int version = 1; version <= 50; version++) {
            for (String account : List.of("ada", "bob", "größe")) {
                published.add(deposit(account, version));
            }
        }
        try (Subscription unused = bus.subscribe(quick(), handled::add)) {
            publish(published);
            eventually("all are handled", () -> handled.size() == published.size());
        }

        assertThat(handled).containsExactlyInAnyOrderElementsOf(published);
        for (String account : List.of("ada", "bob", "größe")) {
            assertThat(of(account, handled)).containsExactlyElementsOf(of(account, published));
        }
    }

    @Test
    void a_failed_event_comes_again_before_the_later_ones_and_then_goes_to_the_dead_letters_to_be_replayed()
            throws Exception {
        AtomicBoolean isMended = new AtomicBoolean();
        Event<?> bad = deposit("ada", 1);
        Event<?> later = deposit("ada", 2);
        try (Subscription subscription = bus.subscribe(quick(), event -> {
            if (event.equals(bad) && !isMended.get()) {
                throw new IllegalStateException("not yet");
            }
            handled.add(event);
        })) {
            publish(List.of(bad, later));
            eventually("the bad one is given up", () -> subscription.status().deadLettered() == 1);
            eventually("the later one is handled", () -> handled.contains(later));
            DeadLetter letter = bus.deadLetters(group).list(10).get(0);
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.position()).startsWith(options.topics().prefix() + "account/");

            isMended.set(true);
            bus.deadLetters(group).replay(letter.id());
            eventually("it is handled after all", () -> handled.contains(bad));
            eventually(
                    "its letter is gone", () -> bus.deadLetters(group).list(10).isEmpty());
        }
    }

    @Test
    void what_cannot_be_decoded_goes_to_the_dead_letters_and_the_others_go_on() throws Exception {
        try (Subscription subscription = bus.subscribe(quick(), handled::add)) {
            publish(List.of(deposit("ada", 1)));
            try (var producer = TestKafka.producer(Map.of())) {
                String topic = options.topics().prefix() + "account";
                producer.send(new ProducerRecord<>(topic, null, null)).get();
                producer.send(new ProducerRecord<>(topic, "ada".getBytes(StandardCharsets.UTF_8), new byte[] {0}))
                        .get();
            }
            publish(List.of(deposit("ada", 2)));

            eventually("both of ours are handled", () -> handled.size() == 2);
            eventually("both strangers are kept", () -> subscription.status().deadLettered() == 2);
            assertThat(bus.deadLetters(group).list(10))
                    .extracting(DeadLetter::reason)
                    .containsOnly(DeadLetter.Reason.UNDECODABLE);
        }
    }

    @Test
    void without_order_events_of_one_aggregate_are_handled_at_the_same_time() throws Exception {
        CountDownLatch together = new CountDownLatch(4);
        var options = quick().withoutOrder().withConcurrency(4).withMaxInFlight(40);
        try (Subscription unused = bus.subscribe(options, event -> {
            together.countDown();
            if (together.await(60, TimeUnit.SECONDS)) {
                handled.add(event);
            }
        })) {
            List<Event<?>> published = new ArrayList<>();
            for (int version = 1; version <= 20; version++) {
                published.add(deposit("ada", version));
            }
            publish(published);

            eventually("all are handled", () -> handled.size() >= 20);
            assertThat(handled).containsExactlyInAnyOrderElementsOf(published);
        }
    }

    @Test
    void what_a_processor_makes_is_there_once_for_each_event_whatever_failed_before() throws Exception {
        KafkaOptions transactional = options.withTransactions(fresh("tx"));
        Set<UUID> failedOnce = ConcurrentHashMap.newKeySet();
        try (EventBus processing =
                        new EventBus(KafkaTransport.connect(transactional), new JacksonEventSerializer(TYPES));
                Subscription unused = processing.process(quick().withTypes("money.deposited"), event -> {
                    if (event.aggregateVersion() % 3 == 0 && failedOnce.add(event.eventId())) {
                        throw new IllegalStateException("not yet, on purpose");
                    }
                    return List.of(audited(event), audited(event));
                });
                Subscription unusedToo = bus.subscribe(
                        SubscriptionOptions.forGroup(fresh("audit")).withTypes("money.audited"), handled::add)) {
            List<Event<?>> published = new ArrayList<>();
            for (int version = 1; version <= 60; version++) {
                published.add(deposit("ada", version));
            }
            publish(published);

            eventually("all results are there", () -> handled.size() >= 120);
            Event<?> last = deposit("ada", 61);
            publish(List.of(last));
            published.add(last);
            eventually("the last ones are there", () -> handled.size() >= 122);
            assertThat(failedOnce).hasSize(20);
            assertThat(handled.stream().map(Event::causationId))
                    .containsExactlyElementsOf(published.stream()
                            .flatMap(event -> Stream.of(event.eventId(), event.eventId()))
                            .map(UUID::toString)
                            .toList());
        }
    }

    private SubscriptionOptions quick() {
        Backoff backoff = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));
        return SubscriptionOptions.forGroup(group)
                .withRetry(RetryPolicy.defaults().withBackoff(backoff).withAttempts(2, 1));
    }

    private void publish(List<Event<?>> events) throws Exception {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        events.forEach(event -> futures.add(bus.publish(event)));
        for (CompletableFuture<Void> future : futures) {
            future.get(60, TimeUnit.SECONDS);
        }
    }

    private static List<Event<?>> of(String account, List<Event<?>> events) {
        return events.stream()
                .filter(event -> event.aggregateId().id().equals(account))
                .<Event<?>>map(event -> event)
                .toList();
    }

    private static Event<Audited> audited(Event<?> event) {
        return new Event<>(
                UUID.randomUUID(),
                EventType.of("money.audited"),
                event.timestamp(),
                event.correlationId(),
                event.eventId().toString(),
                event.aggregateId(),
                event.aggregateVersion(),
                new Audited(event.aggregateVersion()),
                Metadata.of("tenant", "größe"));
    }

    private static Event<Deposited> deposit(String account, long version) {
        return new Event<>(
                UUID.randomUUID(),
                EventType.of("money.deposited"),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                "talk",
                "cause",
                AggregateId.of("account", account),
                version,
                new Deposited(version),
                Metadata.of("tenant", "größe"));
    }
}

package io.eda.samples.telemetry;

import static io.eda.samples.telemetry.Meters.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.broker.kafka.KafkaOptions;
import io.eda.broker.kafka.KafkaTopics;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.bus.Deduplication;
import io.eda.bus.EventBus;
import io.eda.bus.Exhausted;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.event.TimeOrderedIds;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.inmemory.InMemoryParkedMessages;
import io.eda.inmemory.InMemoryTransport;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.samples.telemetry.Note.Written;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.eda.transport.EventTransport;
import io.lettuce.core.RedisURI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The meters of the bus and its groups move over a real Kafka and a real Redis. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class BusMetersIT {

    private static final RetryPolicy TWICE = RetryPolicy.defaults()
            .withBackoff(new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)))
            .withAttempts(2, 0);
    private static final RetryPolicy MUCH_LATER = RetryPolicy.defaults()
            .withBackoff(new Backoff(Duration.ofMinutes(10), Duration.ofMinutes(10)))
            .withAttempts(1, 9)
            .withLimit(Duration.ofHours(1));

    private final Meters meters = new Meters();
    private final TimeOrderedIds ids = new TimeOrderedIds(Clock.systemUTC());

    @Test
    void a_subscription_counts_what_becomes_of_each_event() {
        Set<String> failedBefore = ConcurrentHashMap.newKeySet();
        EventBus bus = new EventBus(kafka(), Note.json());
        try (bus;
                var mail = bus.subscribe(SubscriptionOptions.forGroup("mail").withRetry(TWICE), event -> {
                    String text = ((Written) event.data()).text();
                    if (text.equals("poison") || (text.equals("again") && failedBefore.add(text))) {
                        throw new IllegalStateException("not now");
                    }
                })) {
            bus.bindTo(meters.registry());
            // A group that comes behind the binding is counted too.
            var patient = bus.subscribe(SubscriptionOptions.forGroup("patient").withRetry(MUCH_LATER), event -> {
                throw new IllegalStateException("much later");
            });
            bus.publish(note("a", "fine")).join();
            bus.publish(note("b", "again")).join();
            bus.publish(note("c", "poison")).join();
            patiently().until(() -> meters.counted("eda.bus.dead.letters", "group", "mail") == 1);
            patiently().until(() -> meters.timed("eda.bus.handle", "group", "mail", "outcome", "handled") == 2);
            assertThat(meters.timed("eda.bus.publish", "outcome", "confirmed")).isEqualTo(3);
            assertThat(meters.timed("eda.bus.handle", "group", "mail", "outcome", "failed"))
                    .isEqualTo(3);
            assertThat(meters.counted("eda.bus.retries", "group", "mail")).isEqualTo(2);
            assertThat(meters.timed("eda.bus.wait", "group", "mail")).isEqualTo(3);
            meters.awaitGauge(open -> open == 0, "eda.bus.inflight", "group", "mail");
            assertThat(meters.gauge("eda.bus.waiting", "group", "mail")).isZero();
            meters.awaitGauge(receives -> receives == 1, "eda.bus.receiving", "group", "mail");
            meters.awaitGauge(lag -> lag == 0, "eda.bus.lag", "group", "mail");

            meters.awaitGauge(open -> open == 3, "eda.bus.inflight", "group", "patient");
            meters.awaitGauge(waiting -> waiting == 3, "eda.bus.waiting", "group", "patient");
            meters.awaitGauge(lag -> lag == 3, "eda.bus.lag", "group", "patient");
            assertThat(meters.counted("eda.bus.retries", "group", "patient")).isEqualTo(3);
            patient.close();
            assertThat(meters.hasGauge("eda.bus.inflight", "group", "patient"))
                    .as("a group without members has no gauges")
                    .isFalse();
        }
        assertThat(bus.publish(note("d", "late"))).isCompletedExceptionally();
        assertThat(meters.timed("eda.bus.publish", "outcome", "failed")).isEqualTo(1);
    }

    @Test
    void a_group_that_parks_keys_counts_what_it_parked() {
        try (EventBus bus = EventBus.builder(kafka(), Note.json())
                        .parking(new InMemoryParkedMessages())
                        .build();
                var mail = bus.subscribe(
                        SubscriptionOptions.forGroup("mail").withRetry(TWICE).withExhausted(Exhausted.PARK_KEY),
                        event -> {
                            throw new IllegalStateException("never");
                        })) {
            bus.bindTo(meters.registry());
            bus.publish(note("a", "poison")).join();
            bus.publish(note("a", "behind")).join();
            patiently().until(() -> meters.counted("eda.bus.parked", "group", "mail") == 2);
            assertThat(meters.counted("eda.bus.dead.letters", "group", "mail")).isZero();
        }
    }

    @Test
    void claims_are_counted_by_their_answer() {
        try (RedisServer redis = RealServers.dedicatedRedis();
                RedisIdempotencyStore memory = RedisIdempotencyStore.connect(
                        RedisURI.create(redis.uri()),
                        RedisIdempotencyOptions.defaults().withCommandTimeout(Duration.ofMillis(500)));
                EventBus bus = new EventBus(InMemoryTransport.confirmingWhenAccepted(), Note.json());
                var mail = bus.subscribe(
                        SubscriptionOptions.forGroup("mail")
                                .withDeduplication(Deduplication.by(memory).withLease(Duration.ofSeconds(2))),
                        event -> {})) {
            bus.bindTo(meters.registry());
            Event<Written> twice = note("a", "twice");
            bus.publish(twice).join();
            patiently().until(() -> claims("granted") == 1);
            patiently().until(() -> meters.gauge("eda.bus.inflight", "group", "mail") == 0);
            bus.publish(twice).join();
            patiently().until(() -> claims("duplicate") == 1);

            Event<Written> taken = note("b", "taken");
            memory.claim(new IdempotencyKey("mail", taken.eventId()), "somebody else", Duration.ofMillis(300))
                    .join();
            bus.publish(taken).join();
            patiently().until(() -> claims("in_progress") >= 1);
            patiently().until(() -> claims("granted") == 2);

            redis.kill();
            bus.publish(note("c", "unlucky")).join();
            patiently().until(() -> claims("error") >= 1);
            redis.start();
            patiently().until(() -> claims("granted") == 3);
            patiently().until(() -> meters.timed("eda.bus.handle", "group", "mail", "outcome", "handled") == 3);
        }
    }

    private long claims(String answer) {
        return meters.counted("eda.bus.claims", "group", "mail", "answer", answer);
    }

    private Event<Written> note(String note, String text) {
        return new Event<>(
                ids.get(),
                EventType.of("note.written"),
                Clock.systemUTC().instant(),
                "talk",
                "cause",
                Note.AGGREGATE.id(note),
                1,
                new Written(text),
                Metadata.empty());
    }

    private static EventTransport kafka() {
        Map<String, Object> client =
                Map.of("bootstrap.servers", RealServers.kafka().bootstrapServers());
        return KafkaTransport.connect(KafkaOptions.of(client)
                .withTopics(KafkaTopics.defaults()
                        .withPrefix("meters-" + System.nanoTime() + ".")
                        .withDiscovery(Duration.ofMillis(250))));
    }
}

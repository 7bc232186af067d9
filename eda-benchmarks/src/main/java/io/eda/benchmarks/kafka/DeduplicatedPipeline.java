package io.eda.benchmarks.kafka;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Quantity;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import io.eda.benchmarks.harness.Session;
import io.eda.bus.Deduplication;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.testkit.servers.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;

/** What it costs the bus over Kafka to claim and complete each event in Redis. The handler does nothing, so all of it shows. */
public final class DeduplicatedPipeline {

    private static final String PLAIN = "eda";
    private static final String ONCE = "eda, deduplicated";

    private final Broker broker;
    private final String topic;
    private final int events;

    DeduplicatedPipeline(Broker broker, String topic, int events) {
        this.broker = broker;
        this.topic = topic;
        this.events = events;
    }

    /** Compares on a Kafka of its own in which {@code events} wait for every group; empties {@code redis}. */
    public static void compare(Report report, RedisServer redis, int events) throws Exception {
        try (Broker broker = Broker.start()) {
            report.line(broker.description() + ", " + events + " events; " + SampleEvents.description());
            String topic = SampleEvents.filledTopic(broker, events);
            DeduplicatedPipeline pipeline = new DeduplicatedPipeline(broker, topic, events);
            report.compare(new Scenario(
                    "handle events from Kafka that do nothing, 8 at once",
                    Pace.asFastAsPossible(),
                    List.of(
                            new Contender(
                                    PLAIN,
                                    "EventBus over KafkaTransport, both with their defaults",
                                    1,
                                    pipeline::plain),
                            new Contender(
                                    ONCE,
                                    "the same, each event claimed and completed by RedisIdempotencyStore",
                                    1,
                                    () -> pipeline.deduplicated(redis))),
                    List.of(PLAIN),
                    List.of(Goal.atLeast(0.7, ONCE, Quantity.EVENTS_PER_SECOND, PLAIN))));
        }
    }

    Session plain() {
        return open(SubscriptionOptions.forGroup(broker.freshGroup()), () -> {});
    }

    Session deduplicated(RedisServer server) {
        RedisURI uri = RedisURI.create(server.host(), server.port());
        try (RedisClient client = RedisClient.create(uri);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            // Every round in the same memory.
            String unused = connection.sync().flushall();
        }
        RedisIdempotencyStore store = RedisIdempotencyStore.connect(uri, RedisIdempotencyOptions.defaults());
        return open(
                SubscriptionOptions.forGroup(broker.freshGroup()).withDeduplication(Deduplication.by(store)), store);
    }

    private Session open(SubscriptionOptions options, AutoCloseable store) {
        EventBus bus = new EventBus(broker.transportReading(topic), SampleEvents.serializer());
        Intake intake = new Intake(events);
        // Closing the bus closes it.
        var unused = bus.subscribe(options, event -> intake.add(1));
        return intake.session(() -> {
            bus.close();
            store.close();
        });
    }
}

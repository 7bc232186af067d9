package io.eda.idempotency.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.bus.Deduplication;
import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.Subscription;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.idempotency.IdempotencyStore;
import io.eda.inmemory.InMemoryTransport;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.postgres.PostgresInbox;
import io.eda.store.postgres.PostgresOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * A process that is killed at any moment and started again. It is delivered every event, one in ten twice, in an order of its
 * own, beside other processes that are delivered the same; it counts each in Redis through the store and writes each to
 * PostgreSQL through the inbox, and ends when it has handled all of them.
 *
 * <p>Arguments: the number of events, a seed, the journal, the address of Redis, the JDBC URL, the schema.
 */
final class DedupeConsumer {

    static final Duration LEASE = Duration.ofSeconds(3);
    static final String EFFECT_PREFIX = "effect:";

    record Counted(int number) {}

    private final int events;
    private final Random random;
    private final Set<UUID> counted = ConcurrentHashMap.newKeySet();
    private final Set<UUID> written = ConcurrentHashMap.newKeySet();
    private final CountDownLatch left;

    private DedupeConsumer(int events, Random random) {
        this.events = events;
        this.random = random;
        this.left = new CountDownLatch(2 * events);
    }

    public static void main(String[] arguments) throws Exception {
        RedisURI redis = RedisURI.create(arguments[3]);
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(arguments[4]);
        pool.setMaximumPoolSize(8);
        try (RedisClient client = RedisClient.create(redis);
                StatefulRedisConnection<String, String> effects = client.connect();
                var store = RedisIdempotencyStore.connect(redis, RedisIdempotencyOptions.defaults());
                HikariDataSource database = new HikariDataSource(pool);
                Journal journal = Journal.append(Path.of(arguments[2]))) {
            PostgresInbox inbox = PostgresInbox.create(
                    database, PostgresOptions.defaults().withSchema(arguments[5]), Duration.ofDays(1));
            EventHandler count = event -> {
                // Said before the effect, so that no effect can be without it.
                journal.say(Journal.BEGUN, event.eventId());
                effects.sync().incr(EFFECT_PREFIX + event.eventId());
            };
            EventHandler write = event ->
                    inbox.handle("ledger", event, connection -> write(connection, arguments[5], event.eventId()));
            var consumer = new DedupeConsumer(Integer.parseInt(arguments[0]), new Random(Long.parseLong(arguments[1])));
            consumer.handleAll(journal.over(store, consumer::isCounted), count, write);
        }
    }

    private void isCounted(UUID event) {
        if (counted.add(event)) {
            left.countDown();
        }
    }

    private void isWritten(UUID event) {
        if (written.add(event)) {
            left.countDown();
        }
    }

    private void handleAll(IdempotencyStore store, EventHandler count, EventHandler write) throws Exception {
        var types = EventTypes.builder().add("thing.counted", Counted.class).build();
        var once = SubscriptionOptions.forGroup("counter")
                .withDeduplication(Deduplication.by(store).withLease(LEASE));
        try (EventBus bus =
                        new EventBus(InMemoryTransport.confirmingWhenAccepted(), new JacksonEventSerializer(types));
                Subscription counter = bus.subscribe(once, count);
                Subscription ledger = bus.subscribe(SubscriptionOptions.forGroup("ledger"), event -> {
                    write.handle(event);
                    isWritten(event.eventId());
                })) {
            for (var confirmation : bus.publishRecords(deliveries())) {
                confirmation.get();
            }
            left.await();
        }
    }

    private List<EventRecord> deliveries() {
        List<EventRecord> deliveries = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            EventRecord event = event(i);
            deliveries.add(event);
            if (random.nextInt(10) == 0) {
                deliveries.add(event);
            }
        }
        Collections.shuffle(deliveries, random);
        return deliveries;
    }

    static UUID id(int number) {
        return UUID.nameUUIDFromBytes(("event " + number).getBytes(UTF_8));
    }

    private static EventRecord event(int number) {
        return new EventRecord(
                id(number),
                EventType.of("thing.counted"),
                // The same in every process, because it is the same event.
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number),
                "conversation",
                "cause",
                AggregateId.of("thing", Integer.toString(number)),
                1,
                ("{\"number\":" + number + "}").getBytes(UTF_8),
                Metadata.empty());
    }

    private static void write(Connection connection, String schema, UUID eventId) throws Exception {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into " + schema + ".effects (event_id) values (?)")) {
            insert.setObject(1, eventId);
            insert.executeUpdate();
        }
    }
}

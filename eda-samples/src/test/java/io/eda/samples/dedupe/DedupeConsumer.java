package io.eda.samples.dedupe;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.bus.Deduplication;
import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.store.postgres.PostgresInbox;
import io.eda.transport.EventTransport;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that is killed at any moment and started again. Over each broker it counts events in Redis through the store, and writes
 * them to PostgreSQL through the inbox, until it is killed.
 *
 * <p>Arguments: its name as a member, its journal, and the {@link Stage}.
 */
final class DedupeConsumer {

    static final Duration LEASE = Duration.ofSeconds(3);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final int CONCURRENCY = 4;

    private DedupeConsumer() {}

    public static void main(String[] arguments) throws Exception {
        Stage stage = Stage.of(Arrays.asList(arguments).subList(2, arguments.length));
        RedisURI redis = RedisURI.create(stage.redis());
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(stage.jdbcUrl());
        pool.setMaximumPoolSize(4);
        try (RedisClient client = RedisClient.create(redis);
                StatefulRedisConnection<String, String> effects = client.connect();
                var store = RedisIdempotencyStore.connect(redis, stage.claims());
                HikariDataSource database = new HikariDataSource(pool);
                Journal journal = Journal.create(Path.of(arguments[1]))) {
            EventHandler count = event -> {
                // Said before the effect, so that no effect can be without it.
                String attempt = journal.begin(event.eventId());
                effects.sync().rpush(stage.effectKey(event.eventId()), attempt);
                effects.sync().incr(stage.effectsKey());
                // Where a crash costs a second effect, kills are to strike.
                LockSupport.parkNanos(PAUSE_NANOS);
            };
            PostgresInbox inbox = PostgresInbox.create(database, stage.postgres(), Duration.ofDays(1));
            EventHandler write = event ->
                    inbox.handle(stage.ledger(), event, connection -> write(connection, stage.mark(), event.eventId()));
            Deduplication once = Deduplication.by(journal.over(store)).withLease(LEASE);
            for (EventTransport transport : stage.connect(arguments[0]).values()) {
                // Open until the process is killed.
                EventBus bus = new EventBus(transport, Things.serializer());
                var unusedCounter = bus.subscribe(options(stage.counter()).withDeduplication(once), count);
                var unusedLedger = bus.subscribe(options(stage.ledger()), write);
            }
            new CountDownLatch(1).await();
        }
    }

    private static SubscriptionOptions options(String group) {
        return SubscriptionOptions.forGroup(group).withConcurrency(CONCURRENCY).withMaxInFlight(200);
    }

    private static void write(Connection connection, String schema, UUID event) throws Exception {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into " + schema + ".effects (event_id) values (?)")) {
            insert.setObject(1, event);
            insert.executeUpdate();
        }
    }
}

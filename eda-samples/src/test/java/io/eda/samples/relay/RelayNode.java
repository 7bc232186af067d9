package io.eda.samples.relay;

import com.rabbitmq.client.ConnectionFactory;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.broker.kafka.KafkaOptions;
import io.eda.broker.kafka.KafkaTopics;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.bus.EventBus;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.FollowOptions;
import io.eda.projection.OnFailure;
import io.eda.projection.ProjectionRunner;
import io.eda.retry.Backoff;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresEventStorage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A JVM that projects, and relays to both brokers: the main class of a node. Says "started". */
final class RelayNode {

    static final String TO_RABBITMQ = "to-rabbitmq";
    static final String TO_KAFKA = "to-kafka";

    private static final Backoff QUICK = new Backoff(Duration.ofMillis(50), Duration.ofMillis(500));

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private RelayNode() {}

    /** Takes the URL of the database, those of the brokers, the beginning of all names on them, the shards and the lease. */
    public static void main(String[] arguments) throws Exception {
        HikariDataSource pool = pool(arguments[0]);
        FollowOptions options = FollowOptions.defaults()
                .withShards(Integer.parseInt(arguments[4]))
                .withLease(Duration.ofMillis(Long.parseLong(arguments[5])))
                .withPageSize(50)
                .withFailures(1, QUICK, OnFailure.PAUSE);
        var storage = PostgresEventStorage.create(pool);
        var checkpoints = PostgresCheckpointStore.create(pool);
        ProjectionRunner.of(Things.TALLY, new EventStore(storage, Things.JSON), checkpoints, options)
                .start();
        OutboxRelay.builder(TO_RABBITMQ, storage, checkpoints, rabbitMq(arguments[1], arguments[3]))
                .options(options)
                .start();
        OutboxRelay.builder(TO_KAFKA, storage, checkpoints, kafka(arguments[2], arguments[3]))
                .options(options)
                .start();
        System.out.println("started");
        // Ends with the JVM that started it, however that one ends.
        while (System.in.read() >= 0) {
            System.out.println("running");
        }
        Runtime.getRuntime().halt(0);
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(12);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        // The database may be away when a node starts.
        config.setInitializationFailTimeout(30_000);
        return new HikariDataSource(config);
    }

    /** Opens a bus over RabbitMQ, as soon as that is there. */
    static EventBus rabbitMq(String uri, String prefix) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(uri);
        RabbitMqOptions options = RabbitMqOptions.of(factory)
                .withTopology(RabbitMqTopology.defaults().withExchange(prefix + "events"))
                .withReconnect(Duration.ofSeconds(2), QUICK);
        return new EventBus(connected(options), Things.JSON);
    }

    private static RabbitMqTransport connected(RabbitMqOptions options) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return RabbitMqTransport.connect(options);
            } catch (RuntimeException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        }
    }

    static EventBus kafka(String servers, String prefix) {
        KafkaOptions options = KafkaOptions.of(Map.of(
                        "bootstrap.servers", servers, "reconnect.backoff.max.ms", 500, "request.timeout.ms", 5_000))
                .withTopics(KafkaTopics.defaults().withPrefix(prefix).withDiscovery(Duration.ofMillis(500)));
        return new EventBus(KafkaTransport.connect(options), Things.JSON);
    }
}

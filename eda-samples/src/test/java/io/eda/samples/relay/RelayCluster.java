package io.eda.samples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.store.EventStorageException;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.testkit.servers.ChildJvm;
import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RabbitMqServer;
import io.eda.testkit.servers.RealServer;
import io.eda.testkit.servers.RealServers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A database, two brokers, nodes that project and relay to both, a writer, and a group on each broker that notes what arrives:
 * to be killed and frozen while it goes on.
 */
final class RelayCluster implements AutoCloseable {

    /** What can be done to it. */
    enum Blow {
        KILL_NODE,
        FREEZE_NODE,
        KILL_DATABASE,
        KILL_KAFKA,
        FREEZE_KAFKA,
        KILL_RABBITMQ,
        FREEZE_RABBITMQ
    }

    private static final Duration LEASE = Duration.ofMillis(900);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SHARDS = 4;
    private static final int THINGS = 20;
    private static final String PREFIX = "relays.";
    private static final List<String> FOLLOWERS = List.of("tally", RelayNode.TO_RABBITMQ, RelayNode.TO_KAFKA);

    private final PostgresServer database;
    private final RabbitMqServer rabbitMq;
    private final KafkaServer kafka;
    private final HikariDataSource pool;
    private final PostgresEventStorage storage;
    private final EventStore store;
    private final PostgresCheckpointStore checkpoints;
    private final Arrivals overRabbitMq = new Arrivals();
    private final Arrivals overKafka = new Arrivals();
    private final List<AutoCloseable> buses = new ArrayList<>();
    private final List<ChildJvm> nodes = new ArrayList<>();
    private final AtomicBoolean isWriting = new AtomicBoolean(true);
    private final AtomicLong written = new AtomicLong();
    private final Thread writer = new Thread(this::write, "writer");

    RelayCluster(int size) throws Exception {
        CompletableFuture<RabbitMqServer> slowest = CompletableFuture.supplyAsync(RealServers::dedicatedRabbitMq);
        kafka = RealServers.dedicatedKafka();
        database = RealServers.dedicatedPostgres();
        pool = pool(database.jdbcUrl());
        storage = PostgresEventStorage.create(pool);
        store = new EventStore(storage, Things.JSON);
        checkpoints = PostgresCheckpointStore.create(pool);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(Things.TABLE);
        }
        rabbitMq = slowest.join();
        // Before the first node: a group gets what is published from its first member on.
        listen(RelayNode.rabbitMq(rabbitMq.uri(), PREFIX), overRabbitMq);
        listen(RelayNode.kafka(kafka.bootstrapServers(), PREFIX), overKafka);
        for (int i = 0; i < size; i++) {
            nodes.add(node());
        }
        for (ChildJvm node : nodes) {
            node.awaitWord("started");
        }
        writer.start();
        awaitProgress();
    }

    private void listen(EventBus bus, Arrivals arrivals) {
        buses.add(bus);
        buses.add(0, bus.subscribe(SubscriptionOptions.forGroup("audit"), arrivals::add));
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        return new HikariDataSource(config);
    }

    private ChildJvm node() throws Exception {
        return ChildJvm.start(
                RelayNode.class,
                database.jdbcUrl(),
                rabbitMq.uri(),
                kafka.bootstrapServers(),
                PREFIX,
                Integer.toString(SHARDS),
                Long.toString(LEASE.toMillis()));
    }

    /** Strikes, and returns while a killed broker may still be coming back; {@code victim} is the number of a node. */
    CompletableFuture<Void> strike(Blow blow, int victim) throws Exception {
        switch (blow) {
            case KILL_NODE -> {
                nodes.get(victim).kill();
                nodes.set(victim, node());
                nodes.get(victim).awaitWord("started");
            }
            case FREEZE_NODE -> {
                nodes.get(victim).freeze();
                LockSupport.parkNanos(LEASE.multipliedBy(2).toNanos());
                nodes.get(victim).thaw();
            }
            case KILL_DATABASE -> {
                database.kill();
                database.start();
            }
            case KILL_KAFKA -> {
                return killed(kafka);
            }
            case FREEZE_KAFKA -> freeze(kafka);
            case KILL_RABBITMQ -> {
                return killed(rabbitMq);
            }
            case FREEZE_RABBITMQ -> freeze(rabbitMq);
        }
        return CompletableFuture.completedFuture(null);
    }

    private static CompletableFuture<Void> killed(RealServer server) {
        server.kill();
        return CompletableFuture.runAsync(server::start);
    }

    private static void freeze(RealServer server) {
        server.freeze();
        LockSupport.parkNanos(LEASE.multipliedBy(3).toNanos());
        server.thaw();
    }

    /** Waits until the projection and both relays have come further than they are now. */
    void awaitProgress() {
        Map<String, Long> before = new TreeMap<>();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            FOLLOWERS.forEach(name -> before.put(name, checkpoints.position(name)));
            return true;
        });
        await().atMost(PATIENCE).ignoreExceptions().until(() -> before.entrySet().stream()
                .allMatch(entry -> checkpoints.position(entry.getKey()) > entry.getValue()));
    }

    /**
     * Stops writing, waits until all is projected and relayed and has arrived, and asserts that the read model equals a fresh fold,
     * and that over each broker every event came at least once, first in the order of its thing.
     */
    void finish() throws Exception {
        isWriting.set(false);
        writer.join();
        Map<String, Things.Row> fold = Things.fold(storage);
        Map<String, Long> versions = new TreeMap<>();
        fold.forEach((thing, row) -> versions.put(thing, row.events()));
        long last = storage.awaitVisible(Long.MAX_VALUE, Duration.ZERO);
        for (String name : FOLLOWERS) {
            await(name).atMost(PATIENCE).ignoreExceptions().until(() -> checkpoints.position(name) >= last);
        }
        assertThat(Things.rows(pool)).isEqualTo(fold);
        for (Arrivals arrivals : List.of(overRabbitMq, overKafka)) {
            await().atMost(PATIENCE).until(() -> arrivals.versions().equals(versions));
            assertThat(arrivals.overtaken()).as(arrivals.toString()).isZero();
        }
    }

    long written() {
        return written.get();
    }

    /** How often shards changed hands. */
    long epochs() throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("select sum(epoch) from eda.checkpoints")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public String toString() {
        return written + " events written; RabbitMQ: " + overRabbitMq + "; Kafka: " + overKafka;
    }

    /** Some hundred events a second to twenty things, whatever happens to the database. */
    private void write() {
        for (int i = 0; isWriting.get(); i++) {
            try {
                Things.append(store, "t" + i % THINGS, i);
                written.incrementAndGet();
            } catch (EventStorageException e) {
                // The database is being killed. What was stored nevertheless is in the fold as well.
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
            LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
        }
    }

    @Override
    public void close() throws Exception {
        isWriting.set(false);
        writer.join();
        nodes.forEach(ChildJvm::close);
        for (AutoCloseable bus : buses) {
            bus.close();
        }
        storage.close();
        pool.close();
        database.close();
        kafka.close();
        rabbitMq.close();
    }
}

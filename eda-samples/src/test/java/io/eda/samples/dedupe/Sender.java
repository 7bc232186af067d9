package io.eda.samples.dedupe;

import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.EventRecord;
import io.eda.transport.EventTransport;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Publishes events to each broker, one in ten twice, as long as it is let, and never far ahead of the consumers. */
final class Sender implements AutoCloseable {

    private static final int CHUNK = 50;
    private static final int AHEAD = 500;
    private static final long LIMIT_SECONDS = 120;

    /** What one broker got. */
    record Sent(String broker, Set<UUID> events, int twice) {}

    private final Stage stage;
    private final Random random;
    private final Map<String, EventBus> buses = new TreeMap<>();
    private final Map<String, Set<UUID>> events = new TreeMap<>();
    private final Map<String, Integer> twice = new TreeMap<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private volatile boolean isOver;
    private Future<?> publishing = CompletableFuture.completedFuture(null);

    private Sender(Stage stage, Random random) {
        this.stage = stage;
        this.random = random;
    }

    static Sender start(Stage stage, long seed) throws Exception {
        Sender sender = new Sender(stage, new Random(seed));
        for (Map.Entry<String, EventTransport> broker : stage.connect("").entrySet()) {
            EventBus bus = new EventBus(broker.getValue(), Things.serializer());
            // A group of RabbitMQ exists from its first subscription on, and gets what is published from then on.
            for (String group : List.of(stage.counter(), stage.ledger())) {
                bus.subscribe(SubscriptionOptions.forGroup(group), event -> {}).close();
            }
            sender.buses.put(broker.getKey(), bus);
            sender.events.put(broker.getKey(), new HashSet<>());
            sender.twice.put(broker.getKey(), 0);
        }
        sender.publishing = sender.thread.submit(sender::publishOnAndOn);
        return sender;
    }

    private Void publishOnAndOn() throws Exception {
        try (RedisClient client = RedisClient.create(stage.redis());
                StatefulRedisConnection<String, String> redis = client.connect()) {
            int number = 0;
            while (!isOver) {
                String effects = redis.sync().get(stage.effectsKey());
                if (2L * number - (effects == null ? 0 : Long.parseLong(effects)) < AHEAD) {
                    for (String broker : buses.keySet()) {
                        publish(broker, number);
                    }
                    number += CHUNK;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        return null;
    }

    private void publish(String broker, int from) throws Exception {
        List<EventRecord> deliveries = new ArrayList<>();
        for (int i = from; i < from + CHUNK; i++) {
            EventRecord event = Things.event(i);
            events.get(broker).add(event.eventId());
            deliveries.add(event);
            if (random.nextInt(10) == 0) {
                deliveries.add(event);
                twice.merge(broker, 1, Integer::sum);
            }
        }
        Collections.shuffle(deliveries, random);
        for (CompletableFuture<Void> confirmation : buses.get(broker).publishRecords(deliveries)) {
            confirmation.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Publishes no more; fails where publishing did. */
    void finish() throws Exception {
        isOver = true;
        publishing.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** How many events there are, over all brokers; only when it has finished. */
    long count() {
        return events.values().stream().mapToLong(Set::size).sum();
    }

    List<Sent> sent() {
        return buses.keySet().stream()
                .map(broker -> new Sent(broker, events.get(broker), twice.get(broker)))
                .toList();
    }

    @Override
    public void close() {
        isOver = true;
        thread.shutdownNow();
        buses.values().forEach(EventBus::close);
    }
}

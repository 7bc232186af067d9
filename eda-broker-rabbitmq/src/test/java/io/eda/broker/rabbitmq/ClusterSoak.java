package io.eda.broker.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What {@code dev/soak rabbitmq MINUTES} runs: a cluster of three nodes of which one after the other is killed and started again,
 * while publishers publish until they are confirmed, and members of a partitioned group come, acknowledge and go. Ends with
 * status 0 where what was confirmed was handled, in the order of every key, and nothing is left over.
 */
final class ClusterSoak {

    private static final int KEYS = 40;
    private static final int PUBLISHERS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final ThreeNodes nodes;
    private final RabbitMqOptions options;
    private final AtomicBoolean isOver = new AtomicBoolean();

    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> lastByKey = new ConcurrentHashMap<>();
    private final AtomicInteger deliveries = new AtomicInteger();
    private final AtomicInteger overtakes = new AtomicInteger();
    private final AtomicInteger republished = new AtomicInteger();

    private ClusterSoak(ThreeNodes nodes) {
        this.nodes = nodes;
        this.options = RabbitMqOptions.of(new ConnectionFactory())
                .withAddresses(nodes.addresses())
                .withTopology(RabbitMqTopology.defaults().withPartitions(3));
    }

    /** Takes the number of minutes. */
    public static void main(String[] arguments) throws Exception {
        Duration duration = Duration.ofMillis((long) (Double.parseDouble(arguments[0]) * 60_000));
        boolean isWell;
        try (ThreeNodes nodes = ThreeNodes.start()) {
            isWell = new ClusterSoak(nodes).run(duration);
        }
        System.exit(isWell ? 0 : 1);
    }

    private boolean run(Duration duration) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        int kills = 0;
        int left;
        try (var steady = RabbitMqTransport.connect(options)) {
            steady.receive(request(), this::take);
            List<java.util.concurrent.Future<?>> publishers = new ArrayList<>();
            for (int p = 0; p < PUBLISHERS; p++) {
                int publisher = p;
                publishers.add(threads.submit(() -> publish(publisher)));
            }
            var coming = threads.submit(this::comeAndGo);
            long end = System.nanoTime() + duration.toNanos();
            while (System.nanoTime() - end < 0) {
                TimeUnit.SECONDS.sleep(5);
                int node = kills % 3;
                nodes.kill(node);
                kills++;
                TimeUnit.SECONDS.sleep(5);
                nodes.restart(node);
            }
            isOver.set(true);
            for (var publisher : publishers) {
                publisher.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            coming.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            left = awaitHandled();
        } finally {
            threads.shutdownNow();
        }
        System.out.printf(
                "%d kills, %d confirmed, %d published again by their publisher, %d deliveries; confirmed and not handled: %d;"
                        + " out of the order of their key: %d%n",
                kills, confirmed.size(), republished.get(), deliveries.get(), left, overtakes.get());
        return left == 0 && overtakes.get() == 0 && !confirmed.isEmpty();
    }

    private static ReceiveRequest request() {
        return new ReceiveRequest("soak", Set.of(TypePattern.everything()), 50, true);
    }

    /** Another member, for seconds at a time. */
    private Void comeAndGo() throws Exception {
        while (!isOver.get()) {
            try (var passing = RabbitMqTransport.connect(options)) {
                passing.receive(request(), this::take);
                TimeUnit.SECONDS.sleep(4);
            }
            TimeUnit.SECONDS.sleep(1);
        }
        return null;
    }

    private void take(List<Delivery> some) {
        for (Delivery delivery : some) {
            deliveries.incrementAndGet();
            handle(delivery.message());
            delivery.ack();
        }
    }

    /** A message that comes twice is no news; the first time of each must follow the first time of the one before. */
    private void handle(Message message) {
        int number = Integer.parseInt(message.headers().get("n"));
        if (handled.add(message.id())) {
            Integer before = lastByKey.put(message.key(), number);
            if (before != null && before > number) {
                overtakes.incrementAndGet();
                System.out.println(message + " came after number " + before);
            }
        }
    }

    /** As a relay does: the next batch when this one is confirmed; what failed is published again, and all behind it. */
    private Void publish(int publisher) throws Exception {
        Map<String, Integer> next = new HashMap<>();
        while (!isOver.get()) {
            List<Message> batch = new ArrayList<>();
            for (int k = 0; k < KEYS; k++) {
                String key = "p" + publisher + "-" + k;
                int number = next.merge(key, 1, Integer::sum);
                batch.add(new Message(
                        key + "-" + number, "order", "order.created", key, Map.of("n", "" + number), new byte[250]));
            }
            while (!isConfirmed(batch)) {
                republished.addAndGet(batch.size());
            }
            batch.forEach(message -> confirmed.add(message.id()));
        }
        return null;
    }

    private boolean isConfirmed(List<Message> batch) throws InterruptedException, TimeoutException {
        List<CompletableFuture<Void>> futures = publisher().publish(batch);
        boolean isWell = true;
        for (CompletableFuture<Void> future : futures) {
            try {
                future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                isWell = false;
            }
        }
        return isWell;
    }

    private RabbitMqTransport publisher;

    private synchronized RabbitMqTransport publisher() {
        if (publisher == null) {
            publisher = RabbitMqTransport.connect(options);
        }
        return publisher;
    }

    private int awaitHandled() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!handled.containsAll(confirmed) && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        publisher().close();
        return (int) confirmed.stream().filter(id -> !handled.contains(id)).count();
    }
}

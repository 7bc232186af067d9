package io.eda.broker.kafka;

import io.eda.testkit.servers.KafkaServer;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What {@code dev/soak kafka} runs: three brokers, of which one after the other is killed or frozen, publishers that publish again
 * what was not confirmed, and members that come and go. It ends with the counts, and fails where one is wrong.
 */
public final class KafkaSoak {

    private static final int PUBLISHERS = 4;
    private static final int KEYS = 10;
    private static final int BATCH = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String group = TestKafka.fresh("soak");
    private final KafkaOptions options;
    private final KafkaCluster cluster;
    private final Random random = new Random(11);
    private final Map<String, Integer> confirmed = new ConcurrentHashMap<>();
    private final Map<String, Integer> handled = new ConcurrentHashMap<>();
    private final AtomicLong confirmedCount = new AtomicLong();
    private final AtomicLong deliveries = new AtomicLong();
    private final AtomicLong repetitions = new AtomicLong();
    private final AtomicLong gaps = new AtomicLong();
    private final AtomicLong again = new AtomicLong();
    private volatile boolean isPublishing = true;
    private int kills;
    private int freezes;
    private int changes;

    private KafkaSoak(KafkaCluster cluster) {
        this.cluster = cluster;
        KafkaOptions defaults = TestKafka.options(cluster.bootstrap());
        this.options = defaults.withTopics(defaults.topics().withPartitions(6).withReplication(3, 2))
                .withLimits(defaults.limits().withPublishTimeout(Duration.ofSeconds(15)))
                .withConsumer(Map.of("session.timeout.ms", 6_000, "heartbeat.interval.ms", 300));
    }

    /** Takes how many minutes it is to last. */
    public static void main(String[] arguments) throws Exception {
        long nanos = (long) (Double.parseDouble(arguments[0]) * 60e9);
        boolean isRight;
        try (KafkaCluster cluster = KafkaCluster.start()) {
            isRight = new KafkaSoak(cluster).run(nanos);
        }
        System.exit(isRight ? 0 : 1);
    }

    private boolean run(long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        ExecutorService threads = Executors.newCachedThreadPool();
        try (KafkaTransport publishing = KafkaTransport.connect(options);
                KafkaTransport first = KafkaTransport.connect(options);
                KafkaTransport second = KafkaTransport.connect(options)) {
            List<CompletableFuture<Void>> publishers = new ArrayList<>();
            for (int p = 0; p < PUBLISHERS; p++) {
                int number = p;
                publishers.add(CompletableFuture.runAsync(() -> publish(publishing, number), threads));
            }
            List<SoakMember> members = new ArrayList<>(List.of(join(first), join(second)));
            while (System.nanoTime() - end < 0) {
                disturb(members, random.nextBoolean() ? first : second);
            }
            isPublishing = false;
            for (CompletableFuture<Void> publisher : publishers) {
                publisher.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            boolean isComplete = await(() -> handled.equals(confirmed));
            boolean isCommitted = await(() -> uncommitted() == 0);
            members.forEach(SoakMember::leave);
            return tell(isComplete, isCommitted);
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean tell(boolean isComplete, boolean isCommitted) {
        System.out.printf(
                "confirmed %d, deliveries %d, of them again %d, published again %d, keys %d%n",
                confirmedCount.get(), deliveries.get(), repetitions.get(), again.get(), confirmed.size());
        System.out.printf("kills %d, freezes %d, members that came or went %d%n", kills, freezes, changes);
        System.out.printf(
                "everything confirmed was handled: %s; overtaken within a key: %d; lag at the end is 0: %s%n",
                isComplete, gaps.get(), isCommitted);
        return isComplete && isCommitted && gaps.get() == 0;
    }

    /** Publishes the numbers of its keys in their order, each batch until all of it is confirmed, as a relay does. */
    private void publish(KafkaTransport transport, int publisher) {
        int next = 0;
        while (isPublishing) {
            List<Message> open = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                open.add(TestKafka.message("p" + publisher + "k" + i % KEYS, next + i / KEYS));
            }
            next += BATCH / KEYS;
            List<Message> batch = List.copyOf(open);
            while (!areConfirmed(transport.publish(batch))) {
                again.incrementAndGet();
            }
            batch.forEach(message -> confirmed.put(message.key(), number(message)));
            confirmedCount.addAndGet(BATCH);
        }
    }

    private static boolean areConfirmed(List<CompletableFuture<Void>> futures) {
        boolean areConfirmed = true;
        for (CompletableFuture<Void> future : futures) {
            areConfirmed &= future.handle((nothing, failure) -> failure == null).join();
        }
        return areConfirmed;
    }

    private SoakMember join(KafkaTransport transport) {
        SoakMember member = new SoakMember();
        member.receiver = transport.receive(TestKafka.everything(group), list -> list.forEach(member::take));
        return member;
    }

    private void disturb(List<SoakMember> members, KafkaTransport transport) {
        pause(Duration.ofSeconds(2 + random.nextInt(4)));
        KafkaServer broker =
                cluster.brokers().get(random.nextInt(cluster.brokers().size()));
        switch (random.nextInt(4)) {
            case 0 -> {
                kills++;
                broker.kill();
                pause(Duration.ofSeconds(random.nextInt(4)));
                broker.start();
            }
            case 1 -> {
                freezes++;
                broker.freeze();
                pause(Duration.ofSeconds(1 + random.nextInt(5)));
                broker.thaw();
            }
            default -> {
                changes++;
                if (members.size() > 1 && (members.size() > 5 || random.nextBoolean())) {
                    members.remove(random.nextInt(members.size())).leave();
                } else {
                    members.add(join(transport));
                }
            }
        }
    }

    // Time is what a soak is about.
    private static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }

    private static boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            pause(Duration.ofMillis(200));
        }
        return true;
    }

    private long uncommitted() {
        try {
            return TestKafka.uncommitted(
                    cluster.bootstrap(), group, options.topics().prefix() + "order");
        } catch (Exception e) {
            return -1;
        }
    }

    private static int number(Message message) {
        return Integer.parseInt(message.headers().getOrDefault("n", "-1"));
    }

    // A number may come again; a new one must be the next of its key.
    private void handle(Delivery delivery) {
        deliveries.incrementAndGet();
        int number = number(delivery.message());
        handled.compute(delivery.message().key(), (key, last) -> {
            int known = last == null ? -1 : last;
            if (number <= known) {
                repetitions.incrementAndGet();
                return known;
            }
            if (number > known + 1) {
                gaps.incrementAndGet();
            }
            return number;
        });
        delivery.ack();
    }

    /** A member that leaves as a subscription does: what has begun ends, the rest is given back. */
    private final class SoakMember {

        private final ExecutorService workers = Executors.newFixedThreadPool(4);
        private final AtomicInteger working = new AtomicInteger();
        private volatile boolean isLeaving;
        private Receiver receiver;

        void take(Delivery delivery) {
            working.incrementAndGet();
            workers.execute(() -> {
                if (!isLeaving) {
                    handle(delivery);
                }
                working.decrementAndGet();
            });
        }

        void leave() {
            isLeaving = true;
            await(() -> working.get() == 0);
            receiver.close();
            workers.shutdown();
        }
    }
}

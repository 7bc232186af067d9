package io.eda.broker.kafka;

import static io.eda.broker.kafka.Inbox.eventually;
import static io.eda.broker.kafka.TestKafka.everything;
import static io.eda.broker.kafka.TestKafka.fresh;
import static io.eda.broker.kafka.TestKafka.message;
import static io.eda.broker.kafka.TestKafka.options;
import static io.eda.broker.kafka.TestKafka.uncommitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.Receiver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members come and go under load: what of a group's work belongs to whom changes all the time. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class RebalanceIT {

    private static final int MESSAGES = 6_000;
    private static final int KEYS = 40;
    private static final int CHANGES = 12;
    private static final int MOST_MEMBERS = 10;

    private final KafkaOptions options = options().withTopics(options().topics().withPartitions(6));
    private final String group = fresh("group");
    private final ExecutorService workers = Executors.newFixedThreadPool(16);
    private final Map<String, List<Integer>> handledByKey = new HashMap<>();
    private final Map<String, Integer> atWork = new HashMap<>();
    private int overlaps;

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void over_members_that_come_and_go_nothing_is_lost_overlaps_or_overtakes(String protocol) throws Exception {
        Map<String, Object> properties = new HashMap<>(Map.of("group.protocol", protocol));
        if (protocol.equals("classic")) {
            properties.put("heartbeat.interval.ms", 200);
        }
        KafkaOptions chosen = options.withConsumer(properties);
        try (KafkaTransport first = KafkaTransport.connect(chosen);
                KafkaTransport second = KafkaTransport.connect(chosen)) {
            List<Member> members = new ArrayList<>();
            members.add(join(first));
            CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> publishAll(first));
            Random random = new Random(7);
            for (int change = 1; change <= CHANGES; change++) {
                int handled = MESSAGES / (CHANGES + 1) * change;
                eventually("some more are handled", () -> handledInAll() >= handled);
                boolean isComing = members.size() < 2 || (members.size() < MOST_MEMBERS && random.nextInt(5) < 3);
                if (isComing) {
                    members.add(join(random.nextBoolean() ? first : second));
                } else {
                    members.remove(random.nextInt(members.size())).leave();
                }
            }
            publisher.get(60, TimeUnit.SECONDS);
            eventually("all is handled", () -> distinctInAll() == MESSAGES);
            String topic = chosen.topics().prefix() + "order";
            eventually("everything is committed", () -> open(topic) == 0);
            members.forEach(Member::leave);

            synchronized (atWork) {
                assertThat(overlaps).as("messages of one key handled at once").isZero();
                assertThat(handledByKey.values())
                        .allSatisfy(numbers -> assertThat(firsts(numbers)).isSorted());
            }
            assertThat(uncommitted(group, topic)).isZero();
        } finally {
            workers.shutdownNow();
        }
    }

    private void publishAll(KafkaTransport transport) {
        for (int from = 0; from < MESSAGES; from += 100) {
            List<Message> batch = new ArrayList<>();
            for (int n = from; n < from + 100; n++) {
                batch.add(message("k" + n % KEYS, n));
            }
            transport.publish(batch).forEach(CompletableFuture::join);
        }
    }

    private Member join(KafkaTransport transport) {
        Member member = new Member();
        member.receiver = transport.receive(everything(group), member);
        return member;
    }

    /** A member that leaves as a subscription does: its handlers end, and what has not begun is given back. */
    private final class Member implements Consumer<List<Delivery>> {

        private final AtomicInteger working = new AtomicInteger();
        private volatile boolean isLeaving;
        private Receiver receiver;

        @Override
        public void accept(List<Delivery> deliveries) {
            for (Delivery delivery : deliveries) {
                workers.execute(() -> {
                    working.incrementAndGet();
                    if (!isLeaving) {
                        handle(delivery);
                    }
                    working.decrementAndGet();
                });
            }
        }

        void leave() {
            isLeaving = true;
            eventually("its handlers end", () -> working.get() == 0);
            receiver.close();
        }
    }

    private void handle(Delivery delivery) {
        String key = delivery.message().key();
        synchronized (atWork) {
            if (atWork.merge(key, 1, Integer::sum) > 1) {
                overlaps++;
            }
            handledByKey
                    .computeIfAbsent(key, k -> new ArrayList<>())
                    .add(Integer.parseInt(delivery.message().headers().getOrDefault("n", "")));
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(2_000_000));
        synchronized (atWork) {
            atWork.merge(key, -1, Integer::sum);
        }
        delivery.ack();
    }

    private long open(String topic) {
        try {
            return uncommitted(group, topic);
        } catch (Exception e) {
            throw new AssertionError("The offsets could not be read", e);
        }
    }

    private int handledInAll() {
        synchronized (atWork) {
            return handledByKey.values().stream().mapToInt(List::size).sum();
        }
    }

    private long distinctInAll() {
        synchronized (atWork) {
            return handledByKey.values().stream()
                    .mapToLong(numbers -> firsts(numbers).size())
                    .sum();
        }
    }

    private static List<Integer> firsts(List<Integer> numbers) {
        return numbers.stream().distinct().toList();
    }
}

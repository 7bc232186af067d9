package io.eda.bus;

import static io.eda.bus.Deposits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.inmemory.InMemoryParkedMessages;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.JacksonEventSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lanes with many deliveries of one key in them, as brokers with a prefetch fill them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class LanesTest {

    private static final int KEYS = 20;
    private static final int VERSIONS = 100;

    private final Deposits deposits = new Deposits();
    private final JacksonEventSerializer json = new JacksonEventSerializer(Accounts.TYPES);
    private final PrefetchingTransport transport = new PrefetchingTransport();
    private final InMemoryParkedMessages parked = new InMemoryParkedMessages();
    private final EventBus bus =
            EventBus.builder(transport, json).parking(parked).build();

    private final Map<String, List<Long>> order = new ConcurrentHashMap<>();
    private final Map<String, AtomicBoolean> atWork = new ConcurrentHashMap<>();
    private final AtomicBoolean overlapped = new AtomicBoolean();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger now = new AtomicInteger();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void of_one_key_nothing_overlaps_or_overtakes_whatever_fails_in_between() {
        SubscriptionOptions options = Deposits.options("mail")
                .withRetry(Deposits.THREE_ATTEMPTS.withAttempts(2, 1_000).withProbeAfter(1_000_000))
                .withDeduplication(Deduplication.by(new InMemoryIdempotencyStore()));
        Subscription subscription = bus.subscribe(options, failing(7));
        publishAll();
        await().until(() -> subscription.status().inFlight() == 0);
        assertInOrder();
        assertThat(most.get()).isLessThanOrEqualTo(options.concurrency());
        assertThat(transport.acknowledged()).hasSize(KEYS * VERSIONS).doesNotHaveDuplicates();
        assertThat(transport.settledTwice()).isZero();
    }

    @Test
    void what_was_in_the_lane_already_is_parked_behind_the_one_that_failed() {
        SubscriptionOptions options = Deposits.options("mail")
                .withRetry(RetryPolicy.once().withProbeAfter(1_000_000))
                .withExhausted(Exhausted.PARK_KEY);
        Subscription subscription = bus.subscribe(options, failing(150));
        publishAll();
        await().until(() -> {
            bus.parkedKeys("mail").list(100).forEach(bus.parkedKeys("mail")::replay);
            return order.values().stream().mapToInt(List::size).sum() >= KEYS * VERSIONS
                    && subscription.status().inFlight() == 0
                    && bus.parkedKeys("mail").list(1).isEmpty();
        });
        assertInOrder();
        assertThat(transport.acknowledged()).hasSize(KEYS * VERSIONS).doesNotHaveDuplicates();
        assertThat(subscription.status().deadLettered()).isPositive();
    }

    @Test
    void a_long_lane_does_not_keep_others_from_their_turn() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> handled = new CopyOnWriteArrayList<>();
        Subscription subscription = bus.subscribe(Deposits.options("mail").withConcurrency(1), event -> {
            goOn.await();
            handled.add(event.aggregateId().id());
        });
        List<EventRecord> records = new ArrayList<>();
        LongStream.rangeClosed(1, 500).forEach(version -> records.add(record("ada", version)));
        records.add(record("bob", 1));
        bus.publishRecords(records).forEach(future -> assertThat(future).isCompleted());
        goOn.countDown();
        await().until(() -> subscription.status().inFlight() == 0);
        assertThat(handled.indexOf("bob")).isLessThan(3);
    }

    private EventHandler failing(int oneIn) {
        return event -> {
            String key = event.aggregateId().id();
            AtomicBoolean busy = atWork.computeIfAbsent(key, k -> new AtomicBoolean());
            if (!busy.compareAndSet(false, true)) {
                overlapped.set(true);
            }
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                for (int i = 0; i < 1_000; i++) {
                    Thread.onSpinWait();
                }
                if (ThreadLocalRandom.current().nextInt(oneIn) == 0) {
                    throw new IllegalStateException("now and then");
                }
                order.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>()).add(event.aggregateVersion());
            } finally {
                now.decrementAndGet();
                busy.set(false);
            }
        };
    }

    private void publishAll() {
        List<EventRecord> records = new ArrayList<>();
        for (long version = 1; version <= VERSIONS; version++) {
            for (int key = 0; key < KEYS; key++) {
                records.add(record("account-" + key, version));
                if (records.size() == 50) {
                    bus.publishRecords(records)
                            .forEach(future -> assertThat(future).isCompleted());
                    records.clear();
                }
            }
        }
        assertThat(records).isEmpty();
    }

    private void assertInOrder() {
        List<Long> expected = LongStream.rangeClosed(1, VERSIONS).boxed().toList();
        assertThat(order).hasSize(KEYS).allSatisfy((key, versions) -> assertThat(versions)
                .isEqualTo(expected));
        assertThat(overlapped).isFalse();
    }

    private EventRecord record(String account, long version) {
        Event<?> event = deposits.to(account, version);
        return new MessageCodec("/test", false).recordOf(event, json.serialize(event.data()));
    }
}

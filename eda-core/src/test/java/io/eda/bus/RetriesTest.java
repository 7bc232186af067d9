package io.eda.bus;

import static io.eda.bus.Deposits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.inmemory.InMemoryTransport;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.EventSerializer;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class RetriesTest {

    private final Deposits deposits = new Deposits();
    private final InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted();
    private final EventBus bus = new EventBus(transport, new JacksonEventSerializer(Accounts.TYPES));
    private final List<Event<?>> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void what_another_attempt_cannot_mend_goes_at_once_and_causes_count() {
        AtomicInteger attempts = new AtomicInteger();
        RetryPolicy policy = Deposits.THREE_ATTEMPTS.withNonRetryable(IOException.class);
        try (var subscription = bus.subscribe(Deposits.options("mail").withRetry(policy), event -> {
            attempts.incrementAndGet();
            throw new IllegalStateException(new UncheckedIOException(new IOException()));
        })) {
            publish(deposits.to("ada", 1));
            await().until(() -> subscription.status().deadLettered() == 1);
            assertThat(attempts).hasValue(1);
            DeadLetter letter = bus.deadLetters("mail").list(10).get(0);
            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.NOT_RETRYABLE);
            assertThat(letter.attempts()).isEqualTo(1);
        }
    }

    @Test
    void a_serializer_that_breaks_its_contract_costs_the_event_and_not_the_lane() {
        var broken = new EventSerializer() {
            private final JacksonEventSerializer json = new JacksonEventSerializer(Accounts.TYPES);

            @Override
            public EventTypes types() {
                return json.types();
            }

            @Override
            public byte[] serialize(Object data) {
                return json.serialize(data);
            }

            @Override
            public List<Event<?>> deserialize(EventRecord record) {
                if (record.aggregateVersion() == 1) {
                    throw new UnsupportedOperationException("version 1");
                }
                if (record.aggregateVersion() == 2) {
                    throw new NoClassDefFoundError("version 2");
                }
                return json.deserialize(record);
            }
        };
        try (EventBus mine = new EventBus(InMemoryTransport.confirmingWhenAccepted(), broken)) {
            var subscription = mine.subscribe(Deposits.options("mail"), handled::add);
            for (long version = 1; version <= 3; version++) {
                mine.publish(deposits.to("ada", version)).join();
            }
            await().until(() -> handled.size() == 1 && subscription.status().deadLettered() == 2);
            assertThat(mine.deadLetters("mail").list(10))
                    .extracting(DeadLetter::reason)
                    .containsExactly(DeadLetter.Reason.UNDECODABLE, DeadLetter.Reason.EXHAUSTED);
        }
    }

    @Test
    void a_delayed_attempt_never_comes_early_and_only_its_own_key_waits() {
        Duration pause = Duration.ofMillis(400);
        RetryPolicy policy = RetryPolicy.defaults().withAttempts(2, 1_000).withBackoff(new Backoff(pause, pause));
        List<Long> attempts = new CopyOnWriteArrayList<>();
        try (var subscription = bus.subscribe(Deposits.options("mail").withRetry(policy), event -> {
            if (event.aggregateId().id().equals("ada") && event.aggregateVersion() == 1) {
                attempts.add(System.nanoTime());
                if (attempts.size() < 4 || handled.size() < 50) {
                    throw new IllegalStateException("not before all of bob's");
                }
            }
            handled.add(event);
        })) {
            publish(deposits.to("ada", 1));
            publish(deposits.to("ada", 2));
            IntStream.rangeClosed(1, 50).forEach(version -> publish(deposits.to("bob", version)));
            await().until(() -> handled.size() == 52);
            // A pause is a quarter of its bound at least.
            for (int i = 2; i < attempts.size(); i++) {
                assertThat(attempts.get(i) - attempts.get(i - 1)).isGreaterThanOrEqualTo(pause.toNanos() / 4);
            }
            assertThat(handled.subList(50, 52))
                    .extracting(event -> event.aggregateId().id() + event.aggregateVersion())
                    .containsExactly("ada1", "ada2");
        }
    }

    @Test
    void the_time_of_all_attempts_is_limited() {
        RetryPolicy policy = RetryPolicy.defaults()
                .withAttempts(1, Integer.MAX_VALUE - 1)
                .withBackoff(Deposits.QUICK)
                .withLimit(Duration.ofMillis(100));
        try (var subscription =
                bus.subscribe(Deposits.options("mail").withRetry(policy.withProbeAfter(1_000_000)), event -> {
                    throw new IllegalStateException("bad");
                })) {
            publish(deposits.to("ada", 1));
            await().until(() -> subscription.status().deadLettered() == 1);
            assertThat(bus.deadLetters("mail").list(1).get(0).attempts()).isGreaterThan(1);
        }
    }

    @Test
    void a_blocked_key_is_told_and_goes_on_when_its_event_succeeds() {
        AtomicBoolean isDown = new AtomicBoolean(true);
        try (var subscription = bus.subscribe(Deposits.options("mail").withExhausted(Exhausted.BLOCK), event -> {
            if (isDown.get()) {
                throw new IllegalStateException("down");
            }
            handled.add(event);
        })) {
            publish(deposits.to("ada", 1));
            publish(deposits.to("ada", 2));
            await().until(() -> subscription.status().failed() > 10);
            assertThat(subscription.status().state()).isEqualTo(SubscriptionStatus.State.BLOCKED);
            assertThat(subscription.status().waitingKeys()).containsExactly("account/ada");
            isDown.set(false);
            await().until(() -> handled.size() == 2);
            assertThat(bus.deadLetters("mail").list(10)).isEmpty();
            await().until(() -> subscription.status().isHealthy());
        }
    }

    @Test
    void after_many_failures_in_a_row_one_event_at_a_time_is_tried_until_one_succeeds() {
        AtomicBoolean isDown = new AtomicBoolean(true);
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger mostWhileProbing = new AtomicInteger();
        CountDownLatch eightAtOnce = new CountDownLatch(8);
        RetryPolicy policy = RetryPolicy.defaults()
                .withAttempts(1, 1_000)
                .withBackoff(Deposits.QUICK)
                .withProbeAfter(20);
        try (var subscription = bus.subscribe(Deposits.options("mail").withRetry(policy), event -> {
            int now = atWork.incrementAndGet();
            try {
                if (isDown.get()) {
                    throw new IllegalStateException("the database is down");
                }
                if (eightAtOnce.getCount() > 0 && handled.size() >= 1) {
                    eightAtOnce.countDown();
                    eightAtOnce.await();
                }
                handled.add(event);
            } finally {
                atWork.decrementAndGet();
            }
        })) {
            IntStream.range(0, 100).forEach(i -> publish(deposits.to("account-" + i, 1)));
            await().until(() -> subscription.status().state() == SubscriptionStatus.State.PROBING);
            long failedThen = subscription.status().failed();
            await().until(() -> {
                mostWhileProbing.accumulateAndGet(atWork.get(), Math::max);
                return subscription.status().failed() > failedThen + 20;
            });
            assertThat(mostWhileProbing.get()).isLessThanOrEqualTo(1);
            isDown.set(false);
            // Eight at the same time again, or this waits for ever.
            await().until(() -> handled.size() == 100);
            assertThat(subscription.status().state()).isEqualTo(SubscriptionStatus.State.CONSUMING);
            assertThat(subscription.status().deadLettered()).isZero();
        }
    }

    private void publish(Event<?> event) {
        bus.publish(event).join();
    }
}

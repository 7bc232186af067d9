package io.eda.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryTransport;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.transport.Message;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
@Timeout(60)
class RetriesTest {

    private final Deposits deposits = new Deposits();
    private final FaultyDeadLetters transport = new FaultyDeadLetters(InMemoryTransport.confirmingWhenAccepted());
    private final EventBus bus = new EventBus(transport, new JacksonEventSerializer(Accounts.TYPES));
    private final List<Event<?>> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void after_the_last_attempt_it_goes_to_the_dead_letters_with_everything() {
        Instant before = Instant.now();
        AtomicInteger attempts = new AtomicInteger();
        Event<?> bad = deposits.to("ada", 1);
        try (var subscription = bus.subscribe(Deposits.options("mail"), event -> {
            if (event.equals(bad)) {
                attempts.incrementAndGet();
                throw new IllegalStateException("no\u0000 mail\n".repeat(1_000));
            }
            handled.add(event);
        })) {
            publish(bad);
            publish(deposits.to("ada", 2));
            await().until(() -> handled.size() == 1);
            assertThat(attempts).hasValue(3);
            assertThat(subscription.status().deadLettered()).isEqualTo(1);
            await().until(() -> subscription.status().isHealthy());
        }
        List<DeadLetter> letters = bus.deadLetters("mail").list(10);
        assertThat(letters).hasSize(1);
        DeadLetter letter = letters.get(0);
        Message original = new MessageCodec("/eda", false)
                .encode(new MessageCodec("/eda", false)
                        .recordOf(bad, new JacksonEventSerializer(Accounts.TYPES).serialize(bad.data())));
        assertThat(letter.message()).usingRecursiveComparison().isEqualTo(original);
        assertThat(letter.group()).isEqualTo("mail");
        assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.EXHAUSTED);
        assertThat(letter.exception()).isEqualTo(IllegalStateException.class.getName());
        assertThat(letter.text()).startsWith("no  mail no  mail").hasSize(500);
        assertThat(letter.position()).contains("account/ada");
        assertThat(letter.attempts()).isEqualTo(3);
        assertThat(letter.firstFailure().orElseThrow())
                .isBetween(before, letter.lastFailure().orElseThrow());
        assertThat(bus.deadLetters("mail").find(letter.id())).contains(letter);
        assertThat(bus.deadLetters("audit").list(10)).isEmpty();
    }

    @Test
    void what_another_attempt_cannot_mend_goes_at_once_and_causes_count() {
        AtomicInteger attempts = new AtomicInteger();
        RetryPolicy policy = Deposits.THREE_ATTEMPTS.withNonRetryable(java.io.IOException.class);
        try (var subscription = bus.subscribe(Deposits.options("mail").withRetry(policy), event -> {
            attempts.incrementAndGet();
            throw new IllegalStateException(new UncheckedIOException(new java.io.IOException()));
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
    void a_failure_without_a_message_or_that_cannot_even_tell_one_is_kept_too() {
        try (var subscription = bus.subscribe(Deposits.options("mail"), event -> {
            if (event.aggregateVersion() == 1) {
                throw new StackOverflowError();
            }
            throw new RuntimeException() {
                @Override
                public String getMessage() {
                    throw new IllegalStateException("not even that");
                }
            };
        })) {
            publish(deposits.to("ada", 1));
            publish(deposits.to("ada", 2));
            await().until(() -> subscription.status().deadLettered() == 2);
            List<DeadLetter> letters = bus.deadLetters("mail").list(10);
            assertThat(letters).extracting(DeadLetter::text).first().isEqualTo("");
            assertThat(letters.get(1).text()).contains("could not be read");
        }
    }

    @Test
    void what_cannot_be_decoded_goes_to_the_dead_letters_and_no_handler_sees_it() {
        MessageCodec codec = new MessageCodec("/test", false);
        Message known = codec.encode(codec.recordOf(deposits.to("ada", 1), "{}".getBytes(StandardCharsets.UTF_8)));
        Map<String, String> unknownType = new HashMap<>(known.headers());
        unknownType.put("ce_type", "money.burnt");
        Map<String, String> withoutId = new HashMap<>(known.headers());
        withoutId.remove("ce_id");
        try (var subscription = bus.subscribe(Deposits.options("mail"), handled::add)) {
            transport.publish(List.of(
                    message("1", Map.of(), new byte[0]),
                    message("2", unknownType, known.body()),
                    message("3", withoutId, known.body()),
                    message("4", known.headers(), "{\"cents\":".getBytes(StandardCharsets.UTF_8))));
            publish(deposits.to("ada", 2));
            await().until(() -> handled.size() == 1 && subscription.status().deadLettered() == 4);
            List<DeadLetter> letters = bus.deadLetters("mail").list(10);
            assertThat(letters).extracting(DeadLetter::reason).containsOnly(DeadLetter.Reason.UNDECODABLE);
            assertThat(letters).extracting(letter -> letter.message().id()).containsExactly("1", "2", "3", "4");
            assertThat(letters.get(0).text()).contains("header 'ce_id'");
            assertThat(letters.get(1).text()).contains("the catalogue has no event 'money.burnt'");
            assertThat(letters.get(0).message().body()).isEmpty();
        }
        assertThat(handled).hasSize(1);
    }

    @Test
    void while_a_dead_letter_cannot_be_written_its_source_is_kept_and_its_key_waits() {
        transport.refuse(true);
        try (var subscription = bus.subscribe(Deposits.options("mail"), event -> {
            if (event.aggregateVersion() == 1) {
                throw new IllegalStateException("bad");
            }
            handled.add(event);
        })) {
            publish(deposits.to("ada", 1));
            publish(deposits.to("ada", 2));
            publish(deposits.to("bob", 2));
            await().until(() -> transport.refused() >= 3 && handled.size() == 1);
            assertThat(subscription.status().lastFailure()).get().hasToString("java.lang.IllegalStateException: full");
            assertThat(subscription.status().inFlight()).isPositive();
            transport.refuse(false);
            await().until(() -> handled.size() == 2);
            assertThat(bus.deadLetters("mail").list(10)).hasSize(1);
            assertThat(subscription.status().failed()).isEqualTo(3);
        }
    }

    @Test
    void a_source_whose_dead_letter_was_not_written_is_delivered_again_after_closing() {
        transport.refuse(true);
        var failing = bus.subscribe(Deposits.options("mail"), event -> {
            throw new IllegalStateException("bad");
        });
        publish(deposits.to("ada", 1));
        await().until(() -> transport.refused() >= 2);
        failing.close();
        transport.refuse(false);
        try (var next = bus.subscribe(Deposits.options("mail"), handled::add)) {
            await().until(() -> handled.size() == 1);
        }
        assertThat(bus.deadLetters("mail").list(10)).isEmpty();
    }

    @Test
    void a_replay_reaches_that_group_alone_and_its_attempts_count_from_one() {
        AtomicBoolean isDown = new AtomicBoolean(true);
        AtomicInteger attempts = new AtomicInteger();
        List<Event<?>> audit = new CopyOnWriteArrayList<>();
        try (var failing = bus.subscribe(Deposits.options("mail"), event -> {
                    attempts.incrementAndGet();
                    if (isDown.get()) {
                        throw new IllegalStateException("down");
                    }
                    handled.add(event);
                });
                var other = bus.subscribe(Deposits.options("audit"), audit::add)) {
            publish(deposits.to("ada", 1));
            await().until(() -> failing.status().deadLettered() == 1 && audit.size() == 1);
            DeadLetters letters = bus.deadLetters("mail");
            assertThat(letters.replayAll(10)).isEqualTo(1);
            // It fails again, and its new letter is not the one that was replayed.
            await().until(() -> failing.status().deadLettered() == 2);
            await().until(() -> letters.list(10).size() == 1);
            assertThat(letters.list(10).get(0).attempts()).isEqualTo(3);
            isDown.set(false);
            assertThat(letters.replay(letters.list(10).get(0).id())).isTrue();
            await().until(() -> handled.size() == 1);
            assertThat(letters.list(10)).isEmpty();
            assertThat(letters.replay("nothing")).isFalse();
            assertThat(attempts).hasValue(7);
            assertThat(audit).hasSize(1);
        }
    }

    @Test
    void letters_are_kept_and_dropped_without_a_subscription() {
        var failing = bus.subscribe(Deposits.options("mail").withRetry(RetryPolicy.once()), event -> {
            throw new IllegalStateException("bad");
        });
        publish(deposits.to("ada", 1));
        publish(deposits.to("bob", 1));
        await().until(() -> failing.status().deadLettered() == 2);
        failing.close();
        DeadLetters letters = bus.deadLetters("mail");
        String first = letters.list(1).get(0).id();
        assertThat(letters.drop(first)).isTrue();
        assertThat(letters.drop(first)).isFalse();
        assertThat(letters.replayAll(10)).isEqualTo(1);
        try (var next = bus.subscribe(Deposits.options("mail"), handled::add)) {
            await().until(() -> handled.size() == 1);
        }
    }

    @Test
    void a_delayed_attempt_never_comes_early_and_only_its_own_key_waits() {
        Duration pause = Duration.ofMillis(400);
        RetryPolicy policy = RetryPolicy.defaults().withAttempts(2, 2).withBackoff(new Backoff(pause, pause));
        List<Long> attempts = new CopyOnWriteArrayList<>();
        try (var subscription = bus.subscribe(Deposits.options("mail").withRetry(policy), event -> {
            if (event.aggregateId().id().equals("ada")) {
                attempts.add(System.nanoTime());
                if (attempts.size() < 4) {
                    throw new IllegalStateException("not yet");
                }
            }
            handled.add(event);
        })) {
            publish(deposits.to("ada", 1));
            publish(deposits.to("ada", 2));
            IntStream.rangeClosed(1, 50).forEach(version -> publish(deposits.to("bob", version)));
            await().until(() -> handled.size() == 52);
            // A pause is a quarter of its bound at least.
            assertThat(attempts.get(2) - attempts.get(1)).isGreaterThanOrEqualTo(pause.toNanos() / 4);
            assertThat(attempts.get(3) - attempts.get(2)).isGreaterThanOrEqualTo(pause.toNanos() / 4);
            assertThat(handled.subList(50, 52))
                    .extracting(Event::aggregateVersion)
                    .containsExactly(1L, 2L);
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

    private static Message message(String id, Map<String, String> headers, byte[] body) {
        return new Message(id, "account", "money.deposited", "ada", headers, body);
    }

    private void publish(Event<?> event) {
        bus.publish(event).join();
    }
}

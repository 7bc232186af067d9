package io.eda.bus;

import static io.eda.bus.Deposits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryTransport;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.transport.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class DeadLettersTest {

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

    private static Message message(String id, Map<String, String> headers, byte[] body) {
        return new Message(id, "account", "money.deposited", "ada", headers, body);
    }

    private void publish(Event<?> event) {
        bus.publish(event).join();
    }
}

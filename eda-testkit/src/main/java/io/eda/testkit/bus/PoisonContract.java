package io.eda.testkit.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.bus.DeadLetter;
import io.eda.bus.DeadLetters;
import io.eda.bus.EventBus;
import io.eda.bus.Exhausted;
import io.eda.bus.Subscription;
import io.eda.event.Event;
import io.eda.transport.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a group cannot handle is kept with everything, replayed to it alone, and never lost on the way. */
abstract class PoisonContract extends BusCases {

    private final List<Event<?>> handled = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isMended = new AtomicBoolean();
    private final AtomicInteger attempts = new AtomicInteger();

    PoisonContract(EventBusContract suite) {
        super(suite);
    }

    @Test
    void after_the_last_attempt_it_goes_to_the_dead_letters_with_everything() throws Exception {
        subscribeFailing("mail");
        Event<Deposited> bad = deposit("bad", 1);

        publish(bad);
        publish(deposits("good", 3));

        eventually("the others are handled", () -> handled.size() == 3);
        eventually("it is kept", () -> letters("mail").list(10).size() == 1);
        DeadLetter letter = letters("mail").list(10).get(0);
        assertThat(attempts).hasValue(3);
        assertThat(letter.attempts()).isEqualTo(3);
        assertThat(letter.group()).isEqualTo(group("mail"));
        assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.EXHAUSTED);
        assertThat(letter.exception()).isEqualTo(IllegalStateException.class.getName());
        assertThat(letter.text()).contains("on purpose");
        assertThat(letter.position()).isNotBlank();
        assertThat(letter.firstFailure().orElseThrow())
                .isBetween(bad.timestamp(), letter.lastFailure().orElseThrow());
        Message message = letter.message();
        assertThat(message.id()).isEqualTo(bad.eventId().toString());
        assertThat(message.key()).isEqualTo("bad");
        assertThat(message.type()).isEqualTo(typeName());
        assertThat(message.headers())
                .containsEntry("ce_id", bad.eventId().toString())
                .containsEntry("eda_tenant", "größe");
        assertThat(message.body()).isEqualTo(serializer().serialize(bad.data()));
        assertThat(letters("audit").list(10)).isEmpty();
    }

    @Test
    void what_another_attempt_cannot_mend_goes_at_once_also_where_a_cause_says_so() throws Exception {
        subscribe(options("mail").withRetry(THREE_ATTEMPTS.withNonRetryable(IOException.class)), event -> {
            attempts.incrementAndGet();
            throw new IllegalStateException(new UncheckedIOException(new IOException("on purpose")));
        });

        publish(deposit("bad", 1));

        eventually("it is kept", () -> letters("mail").list(10).size() == 1);
        assertThat(attempts).hasValue(1);
        assertThat(letters("mail").list(10).get(0).reason()).isEqualTo(DeadLetter.Reason.NOT_RETRYABLE);
    }

    @Test
    void what_cannot_be_decoded_is_kept_without_a_handler_and_the_others_are_handled() throws Exception {
        subscribe(options("mail"), handled::add);
        for (int i = 1; i <= 9; i++) {
            publish(deposit("good", i));
            publishRaw(new Message(
                    group("garbage") + i,
                    account("bad").type(),
                    typeName(),
                    "bad",
                    Map.of("ce_id", "no id"),
                    "{".getBytes(UTF_8)));
        }

        eventually("the good ones are handled", () -> handled.size() == 9);
        eventually("the others are kept", () -> letters("mail").list(20).size() == 9);
        assertThat(letters("mail").list(20)).allSatisfy(letter -> {
            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNDECODABLE);
            assertThat(new String(letter.message().body(), UTF_8)).isEqualTo("{");
        });
    }

    @Test
    void a_replay_reaches_its_group_alone_and_its_attempts_begin_again() throws Exception {
        List<Event<?>> audited = new CopyOnWriteArrayList<>();
        subscribeFailing("mail");
        subscribe(options("audit"), audited::add);
        Event<Deposited> bad = deposit("bad", 1);
        publish(bad);
        eventually("it is kept", () -> letters("mail").list(10).size() == 1);
        eventually("the other group has it", () -> audited.size() == 1);
        isMended.set(true);
        attempts.set(0);

        assertThat(letters("mail").replay(letters("mail").list(1).get(0).id())).isTrue();

        eventually("it is handled", () -> handled.size() == 1);
        assertThat(handled).containsExactly(bad);
        assertThat(letters("mail").list(10)).isEmpty();
        publish(deposit("last", 1));
        eventually("what came later is there", () -> audited.size() >= 2);
        assertThat(audited).hasSize(2);
    }

    @Test
    void a_replay_that_fails_again_is_kept_again() throws Exception {
        subscribeFailing("mail");
        publish(deposit("bad", 1));
        eventually("it is kept", () -> letters("mail").list(10).size() == 1);
        String first = letters("mail").list(1).get(0).id();

        assertThat(letters("mail").replay(first)).isTrue();

        eventually("it has used up its attempts again", () -> attempts.get() == 6);
        eventually(
                "it is kept again",
                () -> letters("mail").list(10).stream()
                                .filter(letter -> !letter.id().equals(first))
                                .count()
                        == 1);
        assertThat(letters("mail").list(10)).hasSize(1);
    }

    @Test
    void what_is_dropped_is_gone_and_what_is_not_there_is_told() throws Exception {
        subscribeFailing("mail");
        publish(deposit("bad", 1));
        eventually("it is kept", () -> letters("mail").list(10).size() == 1);
        String id = letters("mail").list(1).get(0).id();
        assertThat(letters("mail").find(id)).isPresent();

        assertThat(letters("mail").drop(id)).isTrue();

        assertThat(letters("mail").drop(id)).isFalse();
        assertThat(letters("mail").replay(id)).isFalse();
        assertThat(letters("mail").list(10)).isEmpty();
    }

    @Test
    void where_the_dead_letter_cannot_be_written_the_event_is_not_lost() throws Exception {
        AtomicBoolean isDown = new AtomicBoolean(true);
        FailingLetters failing = new FailingLetters(transport(), isDown::get);
        EventBus bus = busOver(failing);
        Subscription subscription = subscribe(bus, options("mail"), event -> {
            throw new IllegalStateException("no mail, on purpose");
        });
        publish(deposit("bad", 1));
        eventually("writing the letter has failed", () -> failing.failures() > 0);
        subscription.close();
        assertThat(letters("mail").list(10)).isEmpty();

        isDown.set(false);
        subscribe(options("mail"), handled::add);

        eventually("the event is there", () -> handled.size() == 1);
    }

    @Test
    void one_that_blocks_is_tried_until_it_succeeds_and_its_aggregate_waits() throws Exception {
        subscribe(options("mail").withExhausted(Exhausted.BLOCK), event -> {
            if (event.aggregateId().equals(account("bad")) && event.aggregateVersion() == 1 && !isMended.get()) {
                attempts.incrementAndGet();
                throw new IllegalStateException("not yet, on purpose");
            }
            handled.add(event);
        });
        publish(deposits("bad", 3));
        publish(deposits("good", 3));

        eventually("it is tried more often than its attempts", () -> attempts.get() > THREE_ATTEMPTS.attempts());
        eventually("the others go on", () -> handled.size() == 3);
        assertThat(letters("mail").list(10)).isEmpty();
        isMended.set(true);

        eventually("all are handled", () -> handled.size() == 6);
        assertThat(handled.stream()
                        .filter(event -> event.aggregateId().equals(account("bad")))
                        .map(Event::aggregateVersion))
                .containsExactly(1L, 2L, 3L);
    }

    private void subscribeFailing(String group) {
        var unused = subscribe(options(group), event -> {
            if (event.aggregateId().equals(account("bad"))) {
                attempts.incrementAndGet();
                if (!isMended.get()) {
                    throw new IllegalStateException("it fails, on purpose");
                }
            }
            handled.add(event);
        });
    }

    private DeadLetters letters(String group) {
        return bus().deadLetters(group(group));
    }

    private void publishRaw(Message message) throws Exception {
        transport().publish(List.of(message)).get(0).get(patience().toNanos(), TimeUnit.NANOSECONDS);
    }
}

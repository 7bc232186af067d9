package io.eda.bus;

import static io.eda.bus.Deposits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.inmemory.InMemoryParkedMessages;
import io.eda.inmemory.InMemoryTransport;
import io.eda.parking.ParkedKey;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.JacksonEventSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class ParkingTest {

    private static final ParkedKey ADA = new ParkedKey("mail", "account", "ada");

    private final Deposits deposits = new Deposits();
    private final InMemoryParkedMessages store = new InMemoryParkedMessages();
    private final EventBus bus = EventBus.builder(
                    InMemoryTransport.confirmingWhenAccepted(), new JacksonEventSerializer(Accounts.TYPES))
            .parking(store)
            .build();
    private final AtomicBoolean isDown = new AtomicBoolean(true);
    private final AtomicInteger attempts = new AtomicInteger();
    private final List<Event<?>> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void later_events_of_a_parked_key_wait_behind_and_other_keys_go_on() {
        try (var subscription = bus.subscribe(options(), this::failOnAdasFirst)) {
            LongStream.rangeClosed(1, 3).forEach(version -> publish("ada", version));
            LongStream.rangeClosed(1, 3).forEach(version -> publish("bob", version));
            await().until(() -> handled.size() == 3 && subscription.status().deadLettered() == 3);
            assertThat(handled).extracting(event -> event.aggregateId().id()).containsOnly("bob");
            assertThat(attempts).hasValue(3);
            await().until(() -> subscription.status().inFlight() == 0);
        }
        ParkedKeys parked = bus.parkedKeys("mail");
        assertThat(parked.list(10)).containsExactly(ADA);
        List<DeadLetter> letters = parked.messages(ADA, 10);
        assertThat(letters)
                .extracting(DeadLetter::reason)
                .containsExactly(
                        DeadLetter.Reason.EXHAUSTED, DeadLetter.Reason.BEHIND_PARKED, DeadLetter.Reason.BEHIND_PARKED);
        assertThat(letters.get(0).text()).isEqualTo("ada's first fails");
        assertThat(letters.get(0).attempts()).isEqualTo(3);
        assertThat(letters.get(2).attempts()).isZero();
        assertThat(bus.deadLetters("mail").list(10)).isEmpty();
    }

    @Test
    void a_replay_handles_them_in_their_order_and_what_comes_meanwhile_after_them() {
        try (var first = bus.subscribe(options(), this::failOnAdasFirst);
                var second = bus.subscribe(options(), this::failOnAdasFirst)) {
            LongStream.rangeClosed(1, 100).forEach(version -> publish("ada", version));
            await().until(() -> store.messages(ADA, 1_000).size() == 100);
            isDown.set(false);
            assertThat(bus.parkedKeys("mail").replay(ADA)).isTrue();
            LongStream.rangeClosed(101, 300).forEach(version -> publish("ada", version));
            await().until(() -> handled.size() >= 300);
            assertThat(handled)
                    .extracting(Event::aggregateVersion)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 300).boxed().toList());
            assertThat(bus.parkedKeys("mail").list(10)).isEmpty();
        }
    }

    @Test
    void a_replay_that_fails_again_stays_parked_with_all_behind_it() {
        try (var subscription = bus.subscribe(options(), this::failOnAdasFirst)) {
            publish("ada", 1);
            publish("ada", 2);
            await().until(() -> store.messages(ADA, 10).size() == 2);
            assertThat(bus.parkedKeys("mail").replay(ADA)).isTrue();
            await().until(() -> attempts.get() == 6 && subscription.status().inFlight() == 0);
            assertThat(bus.parkedKeys("mail").messages(ADA, 10))
                    .extracting(DeadLetter::position)
                    .first()
                    .isEqualTo("parked mail: account/ada");
            assertThat(subscription.status().isHealthy())
                    .as("nothing waits any more")
                    .isTrue();
            // Without the bad one the rest can be replayed.
            assertThat(bus.parkedKeys("mail")
                            .drop(ADA, store.messages(ADA, 1).get(0).id()))
                    .isTrue();
            assertThat(bus.parkedKeys("mail").replay(ADA)).isTrue();
            await().until(() -> handled.size() == 1);
            assertThat(handled.get(0).aggregateVersion()).isEqualTo(2);
            await().until(() -> bus.parkedKeys("mail").list(1).isEmpty());
            assertThat(bus.parkedKeys("mail").replay(ADA)).isFalse();
        }
    }

    @Test
    void what_a_closed_member_has_parked_another_one_keeps_parked_and_replays() {
        var first = bus.subscribe(options(), this::failOnAdasFirst);
        publish("ada", 1);
        await().until(() -> store.messages(ADA, 10).size() == 1);
        first.close();
        publish("ada", 2);
        isDown.set(false);
        try (var second = bus.subscribe(options(), this::failOnAdasFirst)) {
            await().until(() -> store.messages(ADA, 10).size() == 2);
            assertThat(handled).isEmpty();
            assertThat(bus.parkedKeys("mail").replay(ADA)).isTrue();
            await().until(() -> handled.size() == 2);
            assertThat(handled).extracting(Event::aggregateVersion).containsExactly(1L, 2L);
        }
    }

    @Test
    void order_holds_for_many_keys_that_are_parked_and_replayed_while_events_come() {
        Map<String, List<Long>> order = new ConcurrentHashMap<>();
        AtomicInteger calls = new AtomicInteger();
        SubscriptionOptions options = options()
                .withRetry(RetryPolicy.once().withProbeAfter(1_000_000))
                .withDeduplication(Deduplication.by(new InMemoryIdempotencyStore()));
        EventHandler handler = event -> {
            if (calls.incrementAndGet() % 29 == 0) {
                throw new IllegalStateException("now and then");
            }
            order.computeIfAbsent(event.aggregateId().id(), key -> new CopyOnWriteArrayList<>())
                    .add(event.aggregateVersion());
        };
        try (var first = bus.subscribe(options, handler);
                var second = bus.subscribe(options, handler)) {
            for (long version = 1; version <= 40; version++) {
                for (int key = 0; key < 6; key++) {
                    publish("account-" + key, version);
                }
            }
            await().until(() -> {
                bus.parkedKeys("mail").list(100).forEach(bus.parkedKeys("mail")::replay);
                return order.values().stream().mapToInt(List::size).sum() >= 240;
            });
        }
        List<Long> expected =
                new ArrayList<>(LongStream.rangeClosed(1, 40).boxed().toList());
        assertThat(order).hasSize(6).allSatisfy((key, versions) -> assertThat(versions)
                .isEqualTo(expected));
        assertThat(calls.get()).isGreaterThan(240);
    }

    @Test
    void a_bus_without_a_store_says_how_to_give_it_one() {
        EventBus plain =
                new EventBus(InMemoryTransport.confirmingWhenAccepted(), new JacksonEventSerializer(Accounts.TYPES));
        assertThatThrownBy(() -> plain.subscribe(options(), event -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("parking(store)");
        plain.close();
    }

    private void failOnAdasFirst(Event<?> event) {
        if (isDown.get() && event.aggregateId().id().equals("ada") && event.aggregateVersion() == 1) {
            attempts.incrementAndGet();
            throw new IllegalStateException("ada's first fails");
        }
        handled.add(event);
    }

    private static SubscriptionOptions options() {
        return Deposits.options("mail").withExhausted(Exhausted.PARK_KEY);
    }

    private void publish(String account, long version) {
        bus.publish(deposits.to(account, version)).join();
    }
}

package io.eda.bus;

import static io.eda.bus.Deposits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.inmemory.InMemoryTransport;
import io.eda.serialization.JacksonEventSerializer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class DeduplicationTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final Deposits deposits = new Deposits();
    private final FaultyClaims store = new FaultyClaims(new InMemoryIdempotencyStore());
    private final EventBus bus =
            new EventBus(InMemoryTransport.confirmingWhenAccepted(), new JacksonEventSerializer(Accounts.TYPES));
    private final List<Event<?>> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void an_event_that_comes_twice_is_handled_once_by_each_group() {
        List<Event<?>> audit = new CopyOnWriteArrayList<>();
        Event<?> event = deposits.to("ada", 1);
        try (var mail = bus.subscribe(options(LONG), handled::add);
                var other = bus.subscribe(
                        Deposits.options("audit").withDeduplication(Deduplication.by(store)), audit::add)) {
            publish(event);
            publish(event);
            publish(deposits.to("ada", 2));
            await().until(() -> mail.status().handled() == 3 && other.status().handled() == 3);
            assertThat(handled).extracting(Event::aggregateVersion).containsExactly(1L, 2L);
            assertThat(audit).hasSize(2);
            await().until(() -> mail.status().inFlight() == 0);
        }
    }

    @Test
    void an_event_in_progress_elsewhere_is_not_acknowledged_and_comes_after_the_lease() {
        Event<?> event = deposits.to("ada", 1);
        long begin = System.nanoTime();
        Duration lease = Duration.ofMillis(300);
        assertThat(store.claim(key(event), "another", lease).join()).isInstanceOf(Claim.Granted.class);
        try (var mail = bus.subscribe(options(LONG), handled::add)) {
            publish(event);
            publish(deposits.to("bob", 1));
            await().until(() -> mail.status().lastFailure().isPresent());
            assertThat(mail.status().lastFailure().orElseThrow()).hasMessageContaining("by another attempt");
            await().until(() -> handled.size() == 2);
            assertThat(System.nanoTime() - begin).isGreaterThan(lease.toNanos());
            assertThat(handled.get(0).aggregateId().id()).isEqualTo("bob");
            assertThat(mail.status().failed()).isZero();
            await().until(() -> mail.status().isHealthy());
        }
    }

    @Test
    void while_the_store_cannot_be_asked_no_handler_is_called_and_nothing_is_acknowledged() {
        store.down(true);
        try (var mail = bus.subscribe(options(Duration.ofMillis(100)), handled::add)) {
            publish(deposits.to("ada", 1));
            await().until(() -> store.failures() > 3);
            assertThat(handled).isEmpty();
            assertThat(mail.status().failed()).isZero();
            assertThat(mail.status().inFlight()).isEqualTo(1);
            assertThat(mail.status().lastFailure()).get().isInstanceOf(IllegalStateException.class);
            store.down(false);
            await().until(() -> handled.size() == 1);
        }
    }

    @Test
    void failing_open_it_is_handled_although_the_store_cannot_be_asked() {
        store.down(true);
        Deduplication open = Deduplication.by(store).failingOpen();
        try (var mail = bus.subscribe(Deposits.options("mail").withDeduplication(open), handled::add)) {
            publish(deposits.to("ada", 1));
            await().until(() -> handled.size() == 1 && mail.status().inFlight() == 0);
        }
    }

    @Test
    void claims_are_asked_for_before_their_handlers_have_their_turn() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (var mail = bus.subscribe(options(LONG).withConcurrency(1), event -> {
            goOn.await();
            handled.add(event);
        })) {
            IntStream.range(0, 50).forEach(i -> publish(deposits.to("account-" + i, 1)));
            await().until(() -> store.claims() == 50);
            assertThat(handled).isEmpty();
            goOn.countDown();
            await().until(() -> handled.size() == 50);
            assertThat(store.claims()).isEqualTo(50);
        }
    }

    @Test
    void a_slow_handler_keeps_its_claim() {
        Duration lease = Duration.ofMillis(600);
        CountDownLatch goOn = new CountDownLatch(1);
        Event<?> event = deposits.to("ada", 1);
        try (var mail = bus.subscribe(options(lease), e -> {
            goOn.await();
            handled.add(e);
        })) {
            publish(event);
            await().until(() -> store.claims() == 1);
            long begin = System.nanoTime();
            AtomicBoolean wasFree = new AtomicBoolean();
            await().until(() -> {
                Claim claim =
                        store.claim(key(event), "another", Duration.ofMillis(1)).join();
                wasFree.compareAndSet(false, claim instanceof Claim.Granted);
                return System.nanoTime() - begin > 3 * lease.toNanos();
            });
            assertThat(wasFree).isFalse();
            goOn.countDown();
            await().until(() -> mail.status().inFlight() == 0);
            assertThat(store.claim(key(event), "another", lease).join()).isInstanceOf(Claim.Completed.class);
        }
    }

    @Test
    void what_was_handled_is_acknowledged_when_the_store_has_heard_of_it() {
        store.loseCompletions(true);
        try (var mail = bus.subscribe(options(LONG), handled::add)) {
            publish(deposits.to("ada", 1));
            publish(deposits.to("bob", 1));
            await().until(() -> handled.size() == 2 && store.failures() > 3);
            assertThat(mail.status().inFlight()).isEqualTo(2);
            store.loseCompletions(false);
            await().until(() -> mail.status().inFlight() == 0);
            assertThat(handled).hasSize(2);
        }
    }

    @Test
    void what_went_to_the_dead_letters_can_be_replayed_at_once() {
        AtomicBoolean isDown = new AtomicBoolean(true);
        try (var mail = bus.subscribe(options(LONG), event -> {
            if (isDown.get()) {
                throw new IllegalStateException("down");
            }
            handled.add(event);
        })) {
            publish(deposits.to("ada", 1));
            await().until(() ->
                    mail.status().deadLettered() == 1 && mail.status().inFlight() == 0);
            isDown.set(false);
            assertThat(bus.deadLetters("mail").replayAll(10)).isEqualTo(1);
            await().until(() -> handled.size() == 1);
        }
    }

    @Test
    void what_a_closed_member_gives_back_is_handled_by_another_without_waiting_for_the_lease() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Subscription first =
                bus.subscribe(options(LONG).withConcurrency(1).withCloseTimeout(Duration.ofMillis(50)), event -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                });
        IntStream.range(0, 10).forEach(i -> publish(deposits.to("account-" + i, 1)));
        begun.await();
        first.close();
        try (var second = bus.subscribe(options(LONG), handled::add)) {
            await().until(() -> handled.size() == 10);
            assertThat(second.status().failed()).isZero();
        }
    }

    @Test
    void what_comes_while_a_member_closes_is_not_claimed_by_it() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Subscription leaving = bus.subscribe(options(LONG), event -> {
            begun.countDown();
            goOn.await();
        });
        publish(deposits.to("ada", 1));
        begun.await();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(leaving::close);
        await().until(() -> leaving.status().state() == SubscriptionStatus.State.CLOSED);
        Event<?> late = deposits.to("bob", 1);
        publish(late);
        goOn.countDown();
        closed.join();
        assertThat(store.claim(key(late), "another", LONG).join()).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void a_lease_that_cannot_be_renewed_in_time_is_refused() {
        assertThatThrownBy(() -> Deduplication.by(store).withLease(Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use at least PT0.1S");
    }

    private SubscriptionOptions options(Duration lease) {
        return Deposits.options("mail")
                .withDeduplication(Deduplication.by(store).withLease(lease));
    }

    private static IdempotencyKey key(Event<?> event) {
        return new IdempotencyKey("mail", event.eventId());
    }

    private void publish(Event<?> event) {
        bus.publish(event).join();
    }
}

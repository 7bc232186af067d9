package io.eda.testkit.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.bus.Deduplication;
import io.eda.bus.Subscription;
import io.eda.bus.SubscriptionStatus;
import io.eda.event.Event;
import io.eda.idempotency.IdempotencyStore;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.transport.PublishException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** In order, isolated, tried again, and once where that is asked for. */
abstract class HandlingContract extends BusCases {

    private final List<Event<?>> handled = new CopyOnWriteArrayList<>();

    HandlingContract(EventBusContract suite) {
        super(suite);
    }

    @Test
    void events_come_back_as_they_were_and_each_aggregate_in_its_order() throws Exception {
        List<Event<?>> published = new ArrayList<>();
        for (int version = 1; version <= 30; version++) {
            for (String account : List.of("ada", "bob", "größe 注文/1")) {
                published.add(deposit(account, version));
            }
        }
        subscribe(options("mail"), handled::add);

        publish(published);

        eventually("all are handled", () -> handled.size() >= published.size());
        assertThat(handled).containsExactlyInAnyOrderElementsOf(published);
        for (String account : List.of("ada", "bob", "größe 注文/1")) {
            assertThat(of(account, handled)).containsExactlyElementsOf(of(account, published));
        }
    }

    @Test
    void of_one_aggregate_nothing_overlaps_over_competing_members_that_come_and_go() throws Exception {
        Map<String, AtomicInteger> atWork = new ConcurrentHashMap<>();
        AtomicInteger overlaps = new AtomicInteger();
        Map<String, List<Long>> versions = new ConcurrentHashMap<>();
        List<Event<?>> published = new ArrayList<>();
        for (int version = 1; version <= 25; version++) {
            for (int account = 0; account < 8; account++) {
                published.add(deposit("a" + account, version));
            }
        }
        for (int i = 0; i < 4; i++) {
            Subscription member = subscribe(options("mail"), event -> {
                String account = event.aggregateId().id();
                AtomicInteger workers = atWork.computeIfAbsent(account, a -> new AtomicInteger());
                if (workers.incrementAndGet() > 1) {
                    overlaps.incrementAndGet();
                }
                LockSupport.parkNanos(200_000);
                versions.computeIfAbsent(account, a -> Collections.synchronizedList(new ArrayList<>()))
                        .add(event.aggregateVersion());
                workers.decrementAndGet();
            });
            publish(published.subList(i * 50, (i + 1) * 50));
            if (i % 2 == 0) {
                member.close();
            }
        }

        eventually(
                "all are handled",
                () -> versions.values().stream()
                                .mapToLong(seen ->
                                        List.copyOf(seen).stream().distinct().count())
                                .sum()
                        == published.size());
        assertThat(overlaps).hasValue(0);
        assertThat(versions.values())
                .allSatisfy(
                        seen -> assertThat(seen.stream().distinct()).isSorted().hasSize(25));
    }

    @Test
    void other_aggregates_are_handled_at_the_same_time() throws Exception {
        CountDownLatch together = new CountDownLatch(4);
        subscribe(options("mail").withConcurrency(4), event -> {
            together.countDown();
            if (together.await(patience().toNanos(), TimeUnit.NANOSECONDS)) {
                handled.add(event);
            }
        });

        for (int account = 0; account < 4; account++) {
            publish(deposit("a" + account, 1));
        }

        eventually("four were at work together", () -> handled.size() == 4);
    }

    @Test
    void every_group_gets_all_and_a_failing_one_hurts_no_other() throws Exception {
        List<Event<?>> audited = new CopyOnWriteArrayList<>();
        subscribe(options("mail").withRetry(THREE_ATTEMPTS.withAttempts(1, 0)), event -> {
            throw new IllegalStateException("no mail today, on purpose");
        });
        subscribe(options("audit"), audited::add);

        publish(deposits("ada", 20));

        eventually("the other group has all", () -> audited.size() >= 20);
        assertThat(audited.stream().map(Event::aggregateVersion)).isSorted().hasSize(20);
    }

    @Test
    void a_failed_event_comes_again_before_the_later_ones_of_its_aggregate_and_others_go_on() throws Exception {
        AtomicBoolean isMended = new AtomicBoolean();
        subscribe(options("mail").withRetry(THREE_ATTEMPTS.withAttempts(1, 10_000)), event -> {
            if (event.aggregateId().equals(account("bad")) && event.aggregateVersion() == 1 && !isMended.get()) {
                throw new IllegalStateException("not yet, on purpose");
            }
            handled.add(event);
        });

        publish(deposits("bad", 3));
        publish(deposits("good", 20));

        eventually("the others go on", () -> of("good", handled).size() == 20);
        assertThat(of("bad", handled)).isEmpty();
        isMended.set(true);
        eventually("then it is handled", () -> of("bad", handled).size() == 3);
        assertThat(of("bad", handled).stream().map(Event::aggregateVersion)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void an_error_that_is_no_exception_is_tried_again_too() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        subscribe(options("mail"), event -> {
            if (attempts.incrementAndGet() == 1) {
                throw new StackOverflowError("on purpose");
            }
            handled.add(event);
        });

        publish(deposits("ada", 2));

        eventually("both are handled", () -> handled.size() == 2);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void after_many_failures_in_a_row_it_probes_until_one_succeeds() throws Exception {
        AtomicBoolean isDown = new AtomicBoolean(true);
        Subscription subscription = subscribe(
                options("mail").withRetry(THREE_ATTEMPTS.withAttempts(1, 10_000).withProbeAfter(5)), event -> {
                    if (isDown.get()) {
                        throw new IllegalStateException("all is down, on purpose");
                    }
                    handled.add(event);
                });
        for (int account = 0; account < 10; account++) {
            publish(deposit("a" + account, 1));
        }

        eventually("it probes", () -> subscription.status().state() == SubscriptionStatus.State.PROBING);
        isDown.set(false);

        eventually("all are handled", () -> handled.size() == 10);
        eventually("it is healthy again", () -> subscription.status().isHealthy());
    }

    @Test
    void a_handler_may_publish_and_wait_for_the_answer() throws Exception {
        subscribe(options("mail").withConcurrency(2), event -> {
            if (event.aggregateId().equals(account("question"))) {
                publish(deposit("answer", event.aggregateVersion()));
            }
            handled.add(event);
        });

        publish(deposits("question", 10));

        eventually("questions and answers are handled", () -> handled.size() == 20);
        assertThat(of("answer", handled)).hasSize(10);
    }

    @Test
    void a_slow_group_slows_no_other() throws Exception {
        CountDownLatch isOver = new CountDownLatch(1);
        try {
            subscribe(options("slow").withConcurrency(1).withMaxInFlight(2), event -> isOver.await());
            subscribe(options("quick"), handled::add);

            publish(deposits("ada", 100));

            eventually("the quick one has all", () -> handled.size() == 100);
        } finally {
            isOver.countDown();
        }
    }

    @Test
    void an_event_that_comes_twice_is_handled_once_where_that_is_asked_for() throws Exception {
        Deduplication once = Deduplication.by(new InMemoryIdempotencyStore());
        Subscription subscription = subscribe(options("mail").withDeduplication(once), handled::add);
        List<Event<Deposited>> deposits = deposits("ada", 20);

        publish(deposits);
        publish(deposits);
        publish(deposit("last", 1));

        eventually("all have come, twice", () -> subscription.status().handled() == 41);
        assertThat(of("ada", handled)).containsExactlyElementsOf(deposits);
    }

    @Test
    void while_the_store_of_claims_cannot_be_asked_nothing_is_handled_and_nothing_lost() throws Exception {
        AtomicBoolean isDown = new AtomicBoolean(true);
        IdempotencyStore memory = new InMemoryIdempotencyStore();
        AtomicInteger asked = new AtomicInteger();
        IdempotencyStore store = new FailingClaims(memory, () -> {
            asked.incrementAndGet();
            return isDown.get();
        });
        subscribe(options("mail").withDeduplication(Deduplication.by(store)), handled::add);

        publish(deposits("ada", 5));

        eventually("it has asked more than once", () -> asked.get() > 1);
        assertThat(handled).isEmpty();
        isDown.set(false);
        eventually("all are handled", () -> handled.size() == 5);
    }

    @Test
    void closing_waits_for_the_handler_and_the_rest_waits_for_the_group() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Subscription first = subscribe(options("mail").withCloseTimeout(patience()), event -> {
            begun.countDown();
            mayEnd.await();
            handled.add(event);
        });
        publish(deposits("ada", 3));
        assertThat(begun.await(patience().toNanos(), TimeUnit.NANOSECONDS)).isTrue();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(first::close);
        mayEnd.countDown();
        closing.get(patience().toNanos(), TimeUnit.NANOSECONDS);
        int before = handled.size();
        assertThat(before).isPositive();

        subscribe(options("mail"), handled::add);
        eventually("the rest is handled", () -> handled.size() >= 3);
        assertThat(handled.stream().map(Event::aggregateVersion)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_handler_that_does_not_end_is_interrupted_and_its_event_comes_again() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean wasInterrupted = new AtomicBoolean();
        Subscription first = subscribe(options("mail").withCloseTimeout(Duration.ofMillis(100)), event -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                wasInterrupted.set(true);
                throw e;
            }
        });
        publish(deposit("ada", 1));
        assertThat(begun.await(patience().toNanos(), TimeUnit.NANOSECONDS)).isTrue();

        first.close();

        subscribe(options("mail"), handled::add);
        eventually("it comes again", () -> handled.size() == 1);
        assertThat(wasInterrupted).isTrue();
        assertThat(bus().deadLetters(group("mail")).list(10)).isEmpty();
    }

    @Test
    void a_handler_may_close_its_own_subscription() throws Exception {
        AtomicReference<Subscription> itself = new AtomicReference<>();
        AtomicInteger closed = new AtomicInteger();
        Subscription first = subscribe(options("mail"), event -> {
            Subscription mine = itself.get();
            if (mine != null) {
                mine.close();
                closed.incrementAndGet();
            }
        });
        itself.set(first);
        publish(deposits("ada", 3));

        eventually("the close from within returned", () -> closed.get() >= 1);
        eventually("it is closed", () -> !first.status().isOpen());
        subscribe(options("mail"), handled::add);
        publish(deposit("last", 1));
        eventually("the group goes on", () -> of("last", handled).size() == 1);
    }

    @Test
    void a_closed_bus_refuses_to_publish_and_to_subscribe() throws Exception {
        subscribe(options("mail"), handled::add);
        publish(deposit("ada", 1));
        eventually("it works before", () -> handled.size() == 1);

        bus().close();
        bus().close();

        CompletableFuture<Void> refused = bus().publish(deposit("ada", 2));
        assertThatThrownBy(() -> refused.get(patience().toNanos(), TimeUnit.NANOSECONDS))
                .hasRootCauseInstanceOf(PublishException.class);
        assertThatThrownBy(() -> bus().subscribe(options("mail"), handled::add))
                .isInstanceOf(IllegalStateException.class);
    }

    private List<Event<?>> of(String account, List<Event<?>> events) {
        return events.stream()
                .filter(event -> event.aggregateId().equals(account(account)))
                .toList();
    }
}

package io.eda.bus;

import static io.eda.bus.Deposits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryTransport;
import io.eda.retry.Backoff;
import io.eda.serialization.JacksonEventSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class LifecycleTest {

    private final Deposits deposits = new Deposits();
    private final InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted();
    private final EventBus bus = new EventBus(transport, new JacksonEventSerializer(Accounts.TYPES));
    private final List<Event<?>> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void a_handler_may_close_the_bus_and_is_not_interrupted() {
        AtomicReference<Throwable> interrupt = new AtomicReference<>();
        bus.subscribe(Deposits.options("mail"), event -> {
            bus.close();
            if (Thread.currentThread().isInterrupted()) {
                interrupt.set(new InterruptedException());
            }
            handled.add(event);
        });
        publish("ada", 1);
        // Done when nothing can be published any more, because the transport closes last. A probe from before that may
        // still be handled.
        await().until(() -> bus.publish(deposits.to("bob", 1)).isCompletedExceptionally());
        bus.close();
        assertThat(handled)
                .filteredOn(event -> event.aggregateId().id().equals("ada"))
                .hasSize(1);
        assertThat(interrupt.get()).isNull();
    }

    @Test
    void closing_from_many_sides_at_once_ends_once_for_all() throws Exception {
        CountDownLatch begun = new CountDownLatch(4);
        CountDownLatch goOn = new CountDownLatch(1);
        Subscription subscription = bus.subscribe(Deposits.options("mail"), event -> {
            begun.countDown();
            goOn.await();
            handled.add(event);
        });
        IntStream.range(0, 4).forEach(i -> publish("account-" + i, 1));
        begun.await();
        List<CompletableFuture<Void>> closings = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            closings.add(CompletableFuture.runAsync(i % 2 == 0 ? subscription::close : bus::close, task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                thread.start();
            }));
        }
        await().until(() -> !subscription.status().isOpen());
        assertThat(closings).noneMatch(CompletableFuture::isDone);
        goOn.countDown();
        CompletableFuture.allOf(closings.toArray(CompletableFuture[]::new)).get();
        assertThat(handled).hasSize(4);
    }

    @Test
    void a_handler_that_ignores_its_interrupt_does_not_hold_up_closing_for_ever() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean mayEnd = new AtomicBoolean();
        Subscription subscription =
                bus.subscribe(Deposits.options("mail").withCloseTimeout(Duration.ofMillis(50)), event -> {
                    begun.countDown();
                    while (!mayEnd.get()) {
                        Thread.onSpinWait();
                    }
                });
        publish("ada", 1);
        begun.await();
        subscription.close();
        assertThat(subscription.status().isOpen()).isFalse();
        mayEnd.set(true);
    }

    @Test
    void what_waits_for_another_attempt_is_given_back_by_closing() {
        Subscription first = bus.subscribe(
                Deposits.options("mail")
                        .withRetry(Deposits.THREE_ATTEMPTS
                                .withAttempts(1, 5)
                                .withBackoff(new Backoff(Duration.ofMinutes(5), Duration.ofMinutes(5)))
                                .withLimit(Duration.ofHours(1))),
                event -> {
                    throw new IllegalStateException("not now");
                });
        publish("ada", 1);
        publish("ada", 2);
        await().until(() -> first.status().failed() == 1);
        first.close();
        try (var second = bus.subscribe(Deposits.options("mail"), handled::add)) {
            await().until(() -> handled.size() == 2);
            assertThat(handled).extracting(Event::aggregateVersion).containsExactly(1L, 2L);
        }
    }

    @Test
    void subscriptions_that_come_and_go_lose_nothing_and_leave_no_thread() {
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        // The group exists from here on.
        bus.subscribe(Deposits.options("mail"), handled::add).close();
        for (int cycle = 0; cycle < 50; cycle++) {
            publish("account-" + cycle % 7, cycle + 1);
            int expected = cycle + 1;
            try (var subscription = bus.subscribe(Deposits.options("mail"), event -> seen.add(event.eventId()))) {
                if (cycle % 2 == 0) {
                    await().until(() -> seen.size() == expected);
                }
            }
        }
        try (var last = bus.subscribe(Deposits.options("mail"), event -> seen.add(event.eventId()))) {
            await().until(() -> seen.size() == 50);
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("eda-mail")));
    }

    @Test
    void handlers_run_on_the_applications_executor_which_stays_open() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2, task -> new Thread(task, "mine"));
        InMemoryTransport other = InMemoryTransport.confirmingWhenAccepted();
        EventBus mine = EventBus.builder(other, new JacksonEventSerializer(Accounts.TYPES))
                .executor(threads)
                .build();
        List<String> names = new CopyOnWriteArrayList<>();
        mine.subscribe(
                Deposits.options("mail"),
                event -> names.add(Thread.currentThread().getName()));
        IntStream.range(0, 20)
                .forEach(i -> mine.publish(deposits.to("account-" + i, 1)).join());
        await().until(() -> names.size() == 20);
        mine.close();
        assertThat(names).containsOnly("mine");
        assertThat(threads.isShutdown()).isFalse();
        threads.shutdown();
    }

    @Test
    void an_executor_that_is_full_for_a_while_delays_events_and_loses_none() {
        AtomicInteger refusals = new AtomicInteger();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        EventBus mine = EventBus.builder(
                        InMemoryTransport.confirmingWhenAccepted(), new JacksonEventSerializer(Accounts.TYPES))
                .executor(task -> {
                    if (refusals.incrementAndGet() % 3 != 0) {
                        throw new RejectedExecutionException("full");
                    }
                    threads.execute(task);
                })
                .build();
        mine.subscribe(Deposits.options("mail"), handled::add);
        IntStream.range(0, 10)
                .forEach(i -> mine.publish(deposits.to("account-" + i, 1)).join());
        await().until(() -> handled.size() == 10);
        mine.close();
        threads.shutdown();
    }

    @Test
    void a_slow_group_does_not_slow_another() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        List<Event<?>> slow = new CopyOnWriteArrayList<>();
        try (var waiting = bus.subscribe(Deposits.options("slow"), event -> {
                    goOn.await();
                    slow.add(event);
                });
                var quick = bus.subscribe(Deposits.options("quick"), handled::add)) {
            IntStream.rangeClosed(1, 200).forEach(version -> publish("ada", version));
            await().until(() -> handled.size() == 200);
            assertThat(slow).isEmpty();
            assertThat(waiting.status().lag()).hasValue(200);
            goOn.countDown();
            await().until(() -> slow.size() == 200 && waiting.status().lag().orElse(-1) == 0);
        }
    }

    private void publish(String account, long version) {
        bus.publish(deposits.to(account, version)).join();
    }
}

package io.eda.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.Accounts.Opened;
import io.eda.Accounts.Withdrawn;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.event.TimeOrderedIds;
import io.eda.inmemory.InMemoryTransport;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
@Timeout(60)
class EventBusTest {

    private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));

    private final TimeOrderedIds ids = new TimeOrderedIds(Clock.systemUTC());
    private final InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted();
    private final EventBus bus = new EventBus(transport, new JacksonEventSerializer(Accounts.TYPES));

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void a_failing_handler_hurts_neither_another_group_nor_another_key() {
        List<Event<?>> audit = new Recorder();
        List<Event<?>> mail = new Recorder();
        try (var failing = bus.subscribe(to("mail"), event -> {
                    if (event.aggregateId().id().equals("bad")) {
                        throw new IllegalStateException("the mail server is down");
                    }
                    mail.add(event);
                });
                var healthy = bus.subscribe(to("audit"), audit::add)) {
            publish("bad", 1);
            publish("good", 1);
            publish("bad", 2);
            publish("good", 2);

            await().until(() -> audit.size() == 4 && mail.size() == 2);
            await().until(() -> failing.status().failed() > 3);
            assertThat(failing.status().isHealthy()).isFalse();
            assertThat(failing.status().waiting()).isEqualTo(1);
            assertThat(failing.status().lastFailure()).get().isInstanceOf(IllegalStateException.class);
            assertThat(healthy.status().isHealthy()).isTrue();
        }
    }

    @Test
    void a_failed_event_comes_again_before_the_later_ones_of_its_key() {
        AtomicInteger failures = new AtomicInteger();
        List<Event<?>> handled = new Recorder();
        try (var subscription = bus.subscribe(to("mail"), event -> {
            if (event.aggregateVersion() == 2 && failures.incrementAndGet() < 4) {
                throw new AssertionError("an Error is caught too");
            }
            handled.add(event);
        })) {
            IntStream.rangeClosed(1, 5).forEach(version -> publish("ada", version));
            await().until(() -> handled.size() == 5);
            assertThat(handled).extracting(Event::aggregateVersion).containsExactly(1L, 2L, 3L, 4L, 5L);
            await().until(() -> subscription.status().isHealthy());
            assertThat(subscription.status().handled()).isEqualTo(5);
            assertThat(subscription.status().failed()).isEqualTo(3);
        }
    }

    @Test
    void subscriptions_of_one_group_share_the_events_and_every_group_gets_all() {
        List<Event<?>> first = new Recorder();
        List<Event<?>> second = new Recorder();
        List<Event<?>> other = new Recorder();
        try (var a = bus.subscribe(to("mail"), first::add);
                var b = bus.subscribe(to("mail"), second::add);
                var c = bus.subscribe(to("audit"), other::add)) {
            IntStream.range(0, 200).forEach(i -> publish("account-" + i, 1));
            await().until(() -> first.size() + second.size() >= 200 && other.size() >= 200);
            List<Object> shared =
                    new ArrayList<>(first.stream().map(Event::eventId).toList());
            shared.addAll(second.stream().map(Event::eventId).toList());
            assertThat(shared).hasSize(200).doesNotHaveDuplicates();
            assertThat(first).isNotEmpty();
            assertThat(second).isNotEmpty();
            assertThat(other).hasSize(200);
        }
    }

    @Test
    void members_of_one_group_want_the_same() {
        try (var a = bus.subscribe(to("mail").withTypes("account.*"), event -> {})) {
            assertThatThrownBy(() -> bus.subscribe(to("mail").withTypes("money.*"), event -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("use another group");
        }
    }

    @Test
    void a_subscription_gets_what_its_patterns_match() {
        List<Event<?>> handled = new Recorder();
        List<Event<?>> all = new Recorder();
        try (var some = bus.subscribe(to("mail").withTypes("account.*", "money.withdrawn"), handled::add);
                var every = bus.subscribe(to("audit"), all::add)) {
            publish(event("ada", 1, "account.opened", new Opened("Ada")));
            publish(event("ada", 2, "money.deposited", new Deposited(7)));
            publish(event("ada", 3, "money.withdrawn", new Withdrawn(7)));
            await().until(() -> all.size() == 3 && handled.size() == 2);
            assertThat(handled).extracting(Event::aggregateVersion).containsExactly(1L, 3L);
        }
    }

    @Test
    void a_typed_handler_reacts_by_class_and_lets_others_pass() {
        List<String> reactions = Collections.synchronizedList(new ArrayList<>());
        EventHandler handler = EventHandler.on(
                        Opened.class, event -> reactions.add(event.data().owner()))
                .on(Deposited.class, event -> reactions.add("+" + event.data().cents()));
        try (var subscription = bus.subscribe(to("mail"), handler)) {
            publish(event("ada", 1, "account.opened", new Opened("Ada")));
            publish(event("ada", 2, "money.withdrawn", new Withdrawn(9)));
            publish(event("ada", 3, "money.deposited", new Deposited(7)));
            await().until(() -> subscription.status().handled() == 3);
            assertThat(reactions).containsExactly("Ada", "+7");
        }
    }

    @Test
    void the_whole_envelope_arrives() {
        List<Event<?>> handled = new Recorder();
        Event<Opened> sent = new Event<>(
                ids.get(),
                EventType.of("account.opened"),
                Clock.systemUTC().instant(),
                "gespräch-1",
                "cause",
                Accounts.ACCOUNT.id("ada/ünï-漢字-🙂"),
                42,
                new Opened("Ada ✓"),
                Metadata.of(Map.of("traceparent", "00-1-2-03", "tenant", "größe")));
        try (var subscription = bus.subscribe(to("mail"), handled::add)) {
            publish(sent);
            await().until(() -> handled.size() == 1);
            assertThat(handled.get(0)).isEqualTo(sent);
        }
    }

    @Test
    void of_one_key_nothing_overlaps_or_overtakes_over_competing_members_that_come_and_go() {
        Map<String, List<Long>> order = new ConcurrentHashMap<>();
        Map<String, AtomicBoolean> atWork = new ConcurrentHashMap<>();
        AtomicBoolean overlapped = new AtomicBoolean();
        Random random = new Random(11);
        EventHandler handler = event -> {
            String key = event.aggregateId().id();
            if (!atWork.computeIfAbsent(key, k -> new AtomicBoolean()).compareAndSet(false, true)) {
                overlapped.set(true);
            }
            if (event.aggregateVersion() % 17 == 0 && random.nextBoolean()) {
                atWork.get(key).set(false);
                throw new IllegalStateException("now and then");
            }
            order.computeIfAbsent(key, k -> Collections.synchronizedList(new ArrayList<>()))
                    .add(event.aggregateVersion());
            atWork.get(key).set(false);
        };
        List<Subscription> members = new ArrayList<>();
        for (int version = 1; version <= 200; version++) {
            if (version % 20 == 1) {
                members.add(bus.subscribe(to("mail"), handler));
            }
            if (version % 30 == 0) {
                members.remove(0).close();
            }
            for (int key = 0; key < 16; key++) {
                publish("account-" + key, version);
            }
        }
        await().until(() -> order.values().stream().mapToInt(List::size).sum() >= 16 * 200);
        List<Long> expected =
                IntStream.rangeClosed(1, 200).mapToObj(i -> (long) i).toList();
        assertThat(order).hasSize(16).allSatisfy((key, versions) -> assertThat(versions)
                .isEqualTo(expected));
        assertThat(overlapped).isFalse();
    }

    @Test
    void other_keys_run_in_parallel_up_to_the_concurrency() {
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch fourAtOnce = new CountDownLatch(4);
        try (var subscription = bus.subscribe(to("mail").withConcurrency(4), event -> {
            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            fourAtOnce.countDown();
            assertThat(fourAtOnce.await(30, TimeUnit.SECONDS)).isTrue();
            atWork.decrementAndGet();
        })) {
            IntStream.range(0, 40).forEach(i -> publish("account-" + i, 1));
            await().until(() -> subscription.status().handled() == 40);
            assertThat(most).hasValue(4);
        }
    }

    @Test
    void what_is_held_unsettled_stays_within_the_limit() {
        AtomicInteger delivered = new AtomicInteger();
        var request = new ReceiveRequest("mail", Set.of(TypePattern.everything()), 10, true);
        try (var receiver = transport.receive(request, deliveries -> delivered.addAndGet(deliveries.size()))) {
            IntStream.range(0, 100).forEach(i -> publish("account-" + i, 1));
            assertThat(delivered).hasValue(10);
        }
    }

    @Test
    void after_unsubscribing_nothing_is_handled_and_the_backlog_waits_for_the_group() {
        List<Event<?>> before = new Recorder();
        List<Event<?>> after = new Recorder();
        Subscription first = bus.subscribe(to("mail"), before::add);
        publish("ada", 1);
        await().until(() -> before.size() == 1);
        first.close();
        first.close();
        publish("ada", 2);
        publish("ada", 3);
        assertThat(first.status().isOpen()).isFalse();
        try (var second = bus.subscribe(to("mail"), after::add)) {
            await().until(() -> after.size() == 2);
            assertThat(after).extracting(Event::aggregateVersion).containsExactly(2L, 3L);
        }
        assertThat(before).hasSize(1);
    }

    @Test
    void closing_waits_for_the_handler_at_work() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Subscription subscription = bus.subscribe(to("mail"), event -> {
            begun.countDown();
            goOn.await();
            ended.set(true);
        });
        publish("ada", 1);
        begun.await();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(subscription::close);
        goOn.countDown();
        closing.get();
        assertThat(ended).isTrue();
        assertThat(subscription.status().handled()).isEqualTo(1);
    }

    @Test
    void a_handler_over_the_deadline_is_interrupted_and_its_event_comes_again_uncounted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Subscription subscription = bus.subscribe(to("mail").withCloseTimeout(Duration.ofMillis(50)), event -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
        });
        publish("ada", 1);
        begun.await();
        subscription.close();
        assertThat(interrupted).isTrue();
        assertThat(subscription.status().failed()).isZero();
        List<Event<?>> again = new Recorder();
        try (var next = bus.subscribe(to("mail"), again::add)) {
            await().until(() -> again.size() == 1);
        }
    }

    @Test
    void a_handler_may_unsubscribe_itself() {
        AtomicReference<Subscription> self = new AtomicReference<>();
        List<Event<?>> handled = new Recorder();
        CountDownLatch isSet = new CountDownLatch(1);
        self.set(bus.subscribe(to("mail"), event -> {
            isSet.await();
            self.get().close();
            handled.add(event);
        }));
        isSet.countDown();
        publish("ada", 1);
        publish("ada", 2);
        await().until(() -> handled.size() == 1 && self.get().status().handled() == 1);
        List<Event<?>> rest = new Recorder();
        try (var next = bus.subscribe(to("mail"), rest::add)) {
            await().until(() -> rest.size() == 1);
            assertThat(rest.get(0).aggregateVersion()).isEqualTo(2);
        }
    }

    @Test
    void a_handler_that_unsubscribes_while_another_thread_does_so_waits_for_nobody() throws Exception {
        AtomicReference<Subscription> self = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch othersClose = new CountDownLatch(1);
        self.set(bus.subscribe(to("mail").withCloseTimeout(Duration.ofMinutes(5)), event -> {
            begun.countDown();
            othersClose.await();
            self.get().close();
        }));
        publish("ada", 1);
        begun.await();
        Thread closing = new Thread(self.get()::close);
        closing.start();
        // It waits inside close() for the handler at work.
        await().until(() -> !self.get().status().isOpen()
                && Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING).contains(closing.getState()));
        othersClose.countDown();
        closing.join(30_000);
        assertThat(closing.isAlive()).isFalse();
        assertThat(self.get().status().handled()).isEqualTo(1);
    }

    @Test
    void a_handler_may_publish_through_the_same_bus() {
        List<Event<?>> handled = new Recorder();
        try (var subscription = bus.subscribe(to("mail"), event -> {
            handled.add(event);
            if (event.aggregateVersion() < 10) {
                bus.publish(deposit("ada", event.aggregateVersion() + 1)).join();
            }
        })) {
            publish("ada", 1);
            await().until(() -> handled.size() == 10);
        }
    }

    @Test
    void a_closed_bus_refuses_to_publish_and_to_subscribe() {
        bus.close();
        assertThat(bus.publish(deposit("ada", 1))).isCompletedExceptionally();
        assertThatThrownBy(() -> bus.subscribe(to("mail"), event -> {})).hasMessageContaining("closed");
    }

    private static SubscriptionOptions to(String group) {
        return SubscriptionOptions.forGroup(group)
                .withRetry(RetryPolicy.defaults().withBackoff(QUICK).withAttempts(1, 10))
                .withExhausted(Exhausted.BLOCK);
    }

    private void publish(String account, long version) {
        publish(deposit(account, version));
    }

    private void publish(Event<?> event) {
        bus.publish(event).join();
    }

    private Event<Deposited> deposit(String account, long version) {
        return event(account, version, "money.deposited", new Deposited(version));
    }

    private <D> Event<D> event(String account, long version, String type, D data) {
        return new Event<>(
                ids.get(),
                EventType.of(type),
                Clock.systemUTC().instant(),
                "talk",
                "cause",
                Accounts.ACCOUNT.id(account),
                version,
                data,
                Metadata.empty());
    }

    private static final class Recorder extends CopyOnWriteArrayList<Event<?>> {}
}

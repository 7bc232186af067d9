package io.eda.bus;

import static io.eda.bus.Deposits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryTransport;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class FlowTest {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Receiver receiver = new Recorder(calls);

    @Test
    void above_the_limit_of_messages_it_pauses_and_at_half_of_it_it_goes_on() {
        Flow flow = new Flow(10, 1_000);
        flow.open(receiver);
        flow.received(10, 10);
        assertThat(calls).isEmpty();
        flow.received(1, 1);
        assertThat(calls).containsExactly("pause");
        assertThat(flow.isPaused()).isTrue();
        settle(flow, 5, 1);
        assertThat(calls).containsExactly("pause");
        settle(flow, 1, 1);
        assertThat(calls).containsExactly("pause", "resume");
        assertThat(flow.inFlight()).isEqualTo(5);
    }

    @Test
    void above_the_limit_of_bytes_it_pauses_and_at_half_of_it_it_goes_on() {
        Flow flow = new Flow(10, 1_000);
        flow.open(receiver);
        flow.received(2, 1_001);
        assertThat(calls).containsExactly("pause");
        settle(flow, 1, 501);
        assertThat(calls).containsExactly("pause", "resume");
    }

    @Test
    void a_message_larger_than_the_limit_comes_alone() {
        Flow flow = new Flow(10, 1_000);
        flow.received(1, 5_000);
        flow.open(receiver);
        assertThat(calls).containsExactly("pause");
        settle(flow, 1, 5_000);
        assertThat(calls).containsExactly("pause", "resume");
    }

    @Test
    void whatever_comes_together_it_ends_open_and_never_pauses_twice() throws Exception {
        Flow flow = new Flow(10, 1_000_000);
        flow.open(receiver);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            threads.execute(() -> {
                Random random = new Random();
                for (int round = 0; round < 20_000; round++) {
                    int some = 1 + random.nextInt(6);
                    flow.received(some, some);
                    settle(flow, some, 1);
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        assertThat(flow.inFlight()).isZero();
        assertThat(flow.isPaused()).isFalse();
        List<String> made = new ArrayList<>(calls);
        assertThat(made).hasSizeGreaterThan(1);
        IntStream.range(0, made.size())
                .forEach(i -> assertThat(made.get(i)).isEqualTo(i % 2 == 0 ? "pause" : "resume"));
    }

    @Test
    void a_subscription_holds_no_more_bytes_than_it_may_and_handles_all() {
        Deposits deposits = new Deposits();
        List<Event<?>> handled = new CopyOnWriteArrayList<>();
        CountDownLatch goOn = new CountDownLatch(1);
        // Each deposit is some 11 bytes, so that three are over the limit.
        SubscriptionOptions options = Deposits.options("mail").withMaxBytesInFlight(25);
        try (EventBus bus =
                new EventBus(InMemoryTransport.confirmingWhenAccepted(), new JacksonEventSerializer(Accounts.TYPES))) {
            Subscription subscription = bus.subscribe(options, event -> {
                goOn.await();
                handled.add(event);
            });
            IntStream.range(0, 100)
                    .forEach(i -> bus.publish(deposits.to("account-" + i, 1)).join());
            await().until(() -> subscription.status().state() == SubscriptionStatus.State.PAUSED);
            assertThat(subscription.status().inFlight()).isEqualTo(3);
            assertThat(subscription.status().isHealthy()).isTrue();
            goOn.countDown();
            await().until(() -> handled.size() == 100);
        }
    }

    private static void settle(Flow flow, int messages, int bytes) {
        for (int i = 0; i < messages; i++) {
            flow.settled(new Work(new Unsettled(bytes), work -> true, false));
        }
    }

    /** Notes what it is told. */
    private record Recorder(List<String> calls) implements Receiver {

        @Override
        public void pause() {
            calls.add("pause");
        }

        @Override
        public void resume() {
            calls.add("resume");
        }

        @Override
        public ReceiverStatus status() {
            return new ReceiverStatus(true, Optional.empty(), OptionalLong.empty());
        }

        @Override
        public void close() {}
    }

    /** A delivery of so many bytes. */
    private record Unsettled(int bytes) implements Delivery {

        @Override
        public Message message() {
            return new Message("1", "account", "money.deposited", "ada", Map.of(), new byte[bytes]);
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public String position() {
            return "nowhere";
        }

        @Override
        public void ack() {}

        @Override
        public void retryLater(Duration delay) {}

        @Override
        public void reject() {}
    }
}

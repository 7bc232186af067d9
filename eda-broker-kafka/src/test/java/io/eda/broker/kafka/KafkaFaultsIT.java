package io.eda.broker.kafka;

import static io.eda.broker.kafka.Inbox.eventually;
import static io.eda.broker.kafka.TestKafka.everything;
import static io.eda.broker.kafka.TestKafka.fresh;
import static io.eda.broker.kafka.TestKafka.ids;
import static io.eda.broker.kafka.TestKafka.message;
import static io.eda.broker.kafka.TestKafka.messages;
import static io.eda.broker.kafka.TestKafka.options;
import static io.eda.broker.kafka.TestKafka.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A broker of their own, that these tests hurt. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class KafkaFaultsIT {

    private static KafkaServer server;

    private final String group = fresh("group");

    @BeforeAll
    static void start() {
        server = RealServers.dedicatedKafka();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static KafkaOptions impatient() {
        KafkaOptions options = options(server.bootstrapServers());
        return options.withLimits(options.limits()
                .withPublishTimeout(Duration.ofSeconds(3))
                .withPatience(Duration.ofSeconds(2), Duration.ofSeconds(2)));
    }

    @Test
    void of_what_was_confirmed_under_kills_nothing_is_lost_and_the_order_of_keys_holds() throws Exception {
        Set<String> confirmed = ConcurrentHashMap.newKeySet();
        AtomicBoolean isPublishing = new AtomicBoolean(true);
        try (KafkaTransport transport = KafkaTransport.connect(options(server.bootstrapServers()))) {
            Inbox inbox = Inbox.acknowledging();
            Receiver receiver = transport.receive(everything(group), inbox);
            CompletableFuture<Integer> publisher = CompletableFuture.supplyAsync(() -> {
                int n = 0;
                while (isPublishing.get()) {
                    publishWhateverHappens(transport, n, confirmed);
                    n += 10;
                }
                return n;
            });
            for (int kill = 1; kill <= 2; kill++) {
                int enough = confirmed.size() + 500;
                eventually("some are confirmed", () -> confirmed.size() >= enough);
                server.kill();
                server.start();
            }
            int enough = confirmed.size() + 500;
            eventually("some are confirmed after the last kill", () -> confirmed.size() >= enough);
            isPublishing.set(false);
            publisher.get(60, TimeUnit.SECONDS);

            eventually("everything confirmed is received", () -> Set.copyOf(inbox.ids())
                    .containsAll(confirmed));
            assertThat(firstOccurrencesByKey(inbox.messages()))
                    .allSatisfy(numbers -> assertThat(numbers).isSorted());
            eventually("it is receiving", () -> receiver.status().isReceiving());
            eventually("nothing waits", () -> receiver.status().lag().orElse(-1) == 0);
        }
    }

    // Ten of one key each time, one behind the other; the next ten only when these are answered for.
    private static void publishWhateverHappens(KafkaTransport transport, int from, Set<String> confirmed) {
        List<Message> batch = new ArrayList<>();
        for (int n = from; n < from + 10; n++) {
            batch.add(message("k" + n % 5, n));
        }
        List<CompletableFuture<Void>> futures = transport.publish(batch);
        for (int i = 0; i < batch.size(); i++) {
            if (catchThrowable(futures.get(i)::join) == null) {
                confirmed.add(batch.get(i).id());
            }
        }
    }

    private static List<List<Integer>> firstOccurrencesByKey(List<Message> received) {
        List<List<Integer>> byKey = new ArrayList<>();
        for (int k = 0; k < 5; k++) {
            String key = "k" + k;
            byKey.add(received.stream()
                    .filter(message -> message.key().equals(key))
                    .map(message -> Integer.parseInt(message.headers().getOrDefault("n", "")))
                    .distinct()
                    .toList());
        }
        return byKey;
    }

    @Test
    void a_broker_that_is_not_there_yet_costs_the_deadline_and_is_found_when_it_comes() throws Exception {
        server.stop();
        try (KafkaTransport transport = KafkaTransport.connect(impatient())) {
            Inbox inbox = Inbox.acknowledging();
            long begun = System.nanoTime();
            Receiver receiver = transport.receive(everything(group), inbox);
            List<CompletableFuture<Void>> futures = transport.publish(messages("a", 10));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
            for (CompletableFuture<Void> future : futures) {
                assertThat(failure(future).reason()).isEqualTo(PublishException.Reason.UNAVAILABLE);
            }
            assertThat(receiver.status().isReceiving()).isFalse();

            server.start();
            eventually("it is published in the end", () -> isPublished(transport, messages("b", 3)));
            eventually("it is received", () -> inbox.ids().containsAll(ids(messages("b", 3))));
            eventually("it is receiving", () -> receiver.status().isReceiving());
        } finally {
            server.start();
        }
    }

    @Test
    void a_frozen_broker_costs_the_deadline_and_nobody_is_blocked() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(impatient())) {
            Inbox inbox = Inbox.acknowledging();
            Receiver receiver = transport.receive(everything(group), inbox);
            publish(transport, messages("before", 5));
            inbox.awaitCount(5);
            server.freeze();
            try {
                List<CompletableFuture<Void>> futures = transport.publish(messages("frozen", 50));
                for (CompletableFuture<Void> future : futures) {
                    PublishException refusal = failure(future);
                    assertThat(refusal.isPermanent()).isFalse();
                }
            } finally {
                server.thaw();
            }
            eventually("it is published again", () -> isPublished(transport, messages("after", 5)));
            eventually("it is received", () -> inbox.ids().containsAll(ids(messages("after", 5))));
            eventually("it is receiving", () -> receiver.status().isReceiving());
        }
    }

    @Test
    void a_rejected_message_waits_uncommitted_until_the_dead_letters_can_be_written() throws Exception {
        KafkaOptions options = impatient();
        try (KafkaTransport transport = KafkaTransport.connect(options);
                KafkaTransport patient = KafkaTransport.connect(options.withLimits(KafkaLimits.defaults()))) {
            Inbox inbox = Inbox.holding();
            transport.receive(everything(group), inbox);
            publish(patient, messages("a", 1));
            inbox.awaitCount(1);
            server.stop();
            inbox.delivery(0).reject();
            // Its first burial fails by the deadline of publishing; the server comes back after that.
            failure(transport.deadLetters(group).add(message("other", 1)));
            server.start();

            eventually("the letter is written", () -> letters(transport).contains("a-1"));
            assertThat(inbox.count()).isEqualTo(1);
        } finally {
            server.start();
        }
    }

    private List<String> letters(KafkaTransport transport) {
        try {
            return ids(transport.deadLetters(group).read(10));
        } catch (IllegalStateException e) {
            return List.of();
        }
    }

    private static boolean isPublished(KafkaTransport transport, List<Message> messages) {
        return catchThrowable(() -> publish(transport, messages)) == null;
    }

    private static PublishException failure(CompletableFuture<Void> future) {
        Throwable failure = catchThrowable(() -> future.get(60, TimeUnit.SECONDS));
        assertThat(failure).as("the failure of a publish future").isNotNull();
        assertThat(failure.getCause()).isInstanceOf(PublishException.class);
        return (PublishException) failure.getCause();
    }
}

package io.eda.broker.kafka;

import static io.eda.broker.kafka.Inbox.eventually;
import static io.eda.broker.kafka.TestKafka.fresh;
import static io.eda.broker.kafka.TestKafka.message;
import static io.eda.broker.kafka.TestKafka.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.testkit.servers.ChildJvm;
import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import io.eda.transport.Capability;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What handlers publish and the offsets are committed in one: counted as whoever reads what is committed counts. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class TransactionsIT {

    private static final int KEYS = 30;

    private static KafkaServer server;

    private final String prefix = fresh("events") + ".";
    private final String group = fresh("group");
    private final KafkaOptions plain = TransactionalMember.options(server.bootstrapServers(), prefix);
    private final KafkaOptions options = plain.withTransactions(fresh("tx"));

    @BeforeAll
    static void start() {
        server = RealServers.dedicatedKafka(
                ServerOptions.from(ServerOptions.Source.JAR).withSetting("group.min.session.timeout.ms", "1000"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void over_killed_and_frozen_members_and_a_killed_broker_each_result_is_there_once() throws Exception {
        KafkaOptions patient = plain.withLimits(plain.limits().withPublishTimeout(Duration.ofSeconds(60)));
        try (KafkaTransport publisher = KafkaTransport.connect(patient);
                Traffic traffic = new Traffic(publisher);
                Results results = new Results()) {
            ChildJvm one = member("one");
            ChildJvm two = member("two");
            try {
                results.await(200);
                one.close();
                one = member("one");
                results.await(results.seen() + 200);
                two.freeze();
                // Its partitions, and what it has left open, come to the other one.
                results.await(results.seen() + 400);
                server.kill();
                server.start();
                two.thaw();
                results.await(results.seen() + 200);
                two.close();
                one.close();
                one = member("one");
                int count = traffic.end();

                results.await(count);
                results.assertEachOnce(count);
            } finally {
                one.close();
                two.close();
            }
        }
    }

    private ChildJvm member(String name) {
        return ChildJvm.start(TransactionalMember.class, server.bootstrapServers(), prefix, group, group + "-" + name);
    }

    @Test
    void what_was_made_in_failed_attempts_is_never_seen() throws Exception {
        int count = 300;
        Set<String> failedOnce = ConcurrentHashMap.newKeySet();
        try (KafkaTransport transport = KafkaTransport.connect(options);
                Results results = new Results()) {
            Inbox inbox = new Inbox(delivery -> {
                if (number(delivery) % 3 == 0
                        && failedOnce.add(delivery.message().id())) {
                    delivery.retryLater(Duration.ofMillis(20));
                } else {
                    delivery.ackWith(List.of(TransactionalMember.resultOf(delivery)));
                }
            });
            Receiver receiver = transport.receive(TransactionalMember.request(group), inbox);
            publish(transport, numbered(count));

            results.await(count);
            results.assertEachOnce(count);
            assertThat(inbox.count()).isEqualTo(count + failedOnce.size());
            receiver.close();
            assertThat(TestKafka.uncommitted(server.bootstrapServers(), group, prefix + "order"))
                    .isZero();
        }
    }

    @Test
    void results_behind_an_unfinished_message_wait_for_it_and_are_made_again_when_its_member_goes() throws Exception {
        KafkaOptions onePartition = options.withTopics(options.topics().withPartitions(1));
        try (KafkaTransport transport = KafkaTransport.connect(onePartition);
                Results results = new Results()) {
            Inbox first = new Inbox(delivery -> {
                if (number(delivery) != 1) {
                    delivery.ackWith(List.of(TransactionalMember.resultOf(delivery)));
                }
            });
            Receiver leaving = transport.receive(TransactionalMember.request(group), first);
            publish(transport, numbered(10));
            first.awaitCount(10);
            results.await(1);
            leaving.close();

            Inbox second = answering();
            transport.receive(TransactionalMember.request(group), second);
            results.await(10);
            results.assertEachOnce(10);
            assertThat(second.count()).isEqualTo(9);
        }
    }

    @Test
    void a_result_that_the_broker_refuses_goes_to_the_dead_letters_and_the_others_go_on() throws Exception {
        KafkaOptions generous = options.withLimits(options.limits().withMaxBody(3_000_000))
                .withProducer(Map.of("compression.type", "none"));
        try (KafkaTransport transport = KafkaTransport.connect(generous);
                Results results = new Results()) {
            transport.receive(
                    TransactionalMember.request(group),
                    deliveries -> deliveries.forEach(delivery -> {
                        Message result = TransactionalMember.resultOf(delivery);
                        byte[] body = number(delivery) == 2 ? new byte[2_000_000] : result.body();
                        delivery.ackWith(List.of(
                                new Message(result.id(), "result", result.type(), result.key(), Map.of(), body)));
                    }));
            publish(transport, numbered(5));

            results.await(4);
            eventually("it is kept", () -> transport.deadLetters(group).read(10).size() == 1);
            assertThat(transport.deadLetters(group).read(10).get(0).headers()).containsEntry("n", "2");
            assertThat(results.counts())
                    .doesNotContainKey(numbered(5).get(2).id())
                    .hasSize(4);
        }
    }

    @Test
    void what_could_never_be_published_is_refused_before_anything_is_settled() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options);
                Results results = new Results()) {
            Inbox inbox = Inbox.holding();
            transport.receive(TransactionalMember.request(group), inbox);
            publish(transport, numbered(1));
            inbox.awaitCount(1);
            Message result = TransactionalMember.resultOf(inbox.delivery(0));
            Message large = new Message("large", "result", "x.done", "k", Map.of(), new byte[1_000_001]);

            assertThatThrownBy(() -> inbox.delivery(0).ackWith(List.of(result, large)))
                    .isInstanceOf(PublishException.class)
                    .hasMessageContaining("1000001");

            inbox.delivery(0).ackWith(List.of(result));
            results.await(1);
            results.assertEachOnce(1);
        }
    }

    @Test
    void two_processes_of_one_prefix_are_told_and_still_lose_and_double_nothing() throws Exception {
        try (KafkaTransport one = KafkaTransport.connect(options);
                KafkaTransport two = KafkaTransport.connect(options);
                Results results = new Results()) {
            Receiver fenced = one.receive(TransactionalMember.request(group), answering());
            publish(one, numbered(1));
            results.await(1);
            Receiver other = two.receive(TransactionalMember.request(group), answering());
            AtomicInteger count = new AtomicInteger(1);
            eventually("one of them is told", () -> {
                int n = count.getAndIncrement();
                one.publish(List.of(message("k" + n % KEYS, n))).get(0).join();
                return Stream.of(fenced, other)
                        .flatMap(receiver -> receiver.status().failure().stream())
                        .anyMatch(
                                failure -> String.valueOf(failure.getMessage()).contains("a prefix of its own"));
            });
            other.close();
            results.await(count.get());
            results.assertEachOnce(count.get());
        }
    }

    private static Inbox answering() {
        return new Inbox(delivery -> delivery.ackWith(List.of(TransactionalMember.resultOf(delivery))));
    }

    @Test
    void without_transactions_it_is_refused_and_said() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(plain)) {
            Inbox inbox = Inbox.holding();
            transport.receive(TransactionalMember.request(group), inbox);
            publish(transport, numbered(1));
            inbox.awaitCount(1);

            assertThat(transport.capabilities()).doesNotContain(Capability.TRANSACTIONS);
            assertThatThrownBy(() -> inbox.delivery(0).ackWith(List.of()))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("withTransactions");
        }
        try (KafkaTransport transactional = KafkaTransport.connect(options)) {
            assertThat(transactional.capabilities()).contains(Capability.TRANSACTIONS);
        }
    }

    private static List<Message> numbered(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> message("k" + n % KEYS, n))
                .toList();
    }

    private static int number(Delivery delivery) {
        return Integer.parseInt(delivery.message().headers().getOrDefault("n", ""));
    }

    /** Publishes ten messages every twenty milliseconds, numbered from 0, until it is ended. */
    private static final class Traffic implements AutoCloseable {

        private final AtomicBoolean isOn = new AtomicBoolean(true);
        private final CompletableFuture<Integer> publishing;

        Traffic(KafkaTransport publisher) {
            publishing = CompletableFuture.supplyAsync(() -> {
                int count = 0;
                while (isOn.get()) {
                    List<Message> batch = new ArrayList<>();
                    for (int end = count + 10; count < end; count++) {
                        batch.add(message("k" + count % KEYS, count));
                    }
                    publisher.publish(batch).forEach(CompletableFuture::join);
                    LockSupport.parkNanos(20_000_000);
                }
                return count;
            });
        }

        /** Returns how many it has published. */
        int end() throws Exception {
            isOn.set(false);
            return publishing.get(120, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            isOn.set(false);
        }
    }

    /** Reads what is committed of the results, from the first on, and counts every record. */
    private final class Results implements AutoCloseable {

        private final KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        server.bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        // Or the broker makes the topic because it was asked for, with one partition.
                        "allow.auto.create.topics",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        private final Map<String, Integer> counts = new TreeMap<>();
        private final Map<String, List<Integer>> numbersByKey = new TreeMap<>();

        int seen() {
            return counts.size();
        }

        Map<String, Integer> counts() {
            return counts;
        }

        /** Waits until so many different ones are there. */
        void await(int different) {
            eventually(different + " results", () -> {
                if (consumer.assignment().isEmpty() && !assign()) {
                    return false;
                }
                consumer.poll(Duration.ofMillis(100)).forEach(this::count);
                return counts.size() >= different;
            });
        }

        private boolean assign() {
            List<TopicPartition> partitions = consumer.partitionsFor(prefix + "result").stream()
                    .map(found -> new TopicPartition(found.topic(), found.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return !partitions.isEmpty();
        }

        private void count(ConsumerRecord<byte[], byte[]> record) {
            String id = new String(record.value(), UTF_8);
            counts.merge(id, 1, Integer::sum);
            int number = Integer.parseInt(id.substring(id.indexOf('-') + 1));
            numbersByKey
                    .computeIfAbsent(new String(record.key(), UTF_8), key -> new ArrayList<>())
                    .add(number);
        }

        /** Watches the end of the topic for a while: a second copy would come behind the first. */
        void assertEachOnce(int count) {
            long quietUntil = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (System.nanoTime() < quietUntil) {
                consumer.poll(Duration.ofMillis(100)).forEach(this::count);
            }
            assertThat(counts).hasSize(count).allSatisfy((id, times) -> assertThat(times)
                    .as("times of " + id)
                    .isEqualTo(1));
            assertThat(numbersByKey.values())
                    .allSatisfy(numbers -> assertThat(numbers).isSorted());
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}

package io.eda.broker.kafka;

import static io.eda.broker.kafka.Inbox.eventually;
import static io.eda.broker.kafka.TestKafka.everything;
import static io.eda.broker.kafka.TestKafka.fresh;
import static io.eda.broker.kafka.TestKafka.ids;
import static io.eda.broker.kafka.TestKafka.message;
import static io.eda.broker.kafka.TestKafka.messages;
import static io.eda.broker.kafka.TestKafka.options;
import static io.eda.broker.kafka.TestKafka.publish;
import static io.eda.broker.kafka.TestKafka.uncommitted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.TypePattern;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is Kafka's own, beside the contract that all transports pass. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class KafkaTransportIT {

    private final KafkaOptions options = options();
    private final String topic = options.topics().prefix() + "order";
    private final String group = fresh("group");

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void both_group_protocols_deliver_in_order_and_commit_what_is_finished(String protocol) throws Exception {
        try (KafkaTransport transport =
                KafkaTransport.connect(options.withConsumer(Map.of("group.protocol", protocol)))) {
            Inbox inbox = Inbox.acknowledging();
            Receiver receiver = transport.receive(everything(group), inbox);
            publish(transport, messages("a", 200));
            inbox.awaitCount(200);

            assertThat(inbox.ids()).containsExactlyElementsOf(ids(messages("a", 200)));
            receiver.close();
            assertThat(uncommitted(group, topic)).isZero();
        }
    }

    @Test
    void a_commit_never_passes_an_unfinished_message() throws Exception {
        KafkaOptions onePartition = options.withTopics(options.topics().withPartitions(1));
        try (KafkaTransport transport = KafkaTransport.connect(onePartition)) {
            Inbox inbox = Inbox.holding();
            Receiver receiver = transport.receive(everything(group), inbox);
            List<Message> published = new ArrayList<>();
            IntStream.range(0, 10).forEach(n -> published.add(message("k" + n, n)));
            publish(transport, published);
            inbox.awaitCount(10);

            // All but the fifth, the last one first.
            for (int i = 9; i >= 0; i--) {
                if (i != 4) {
                    inbox.delivery(i).ack();
                }
            }
            eventually("the first four are committed", () -> open(topic) == 6);
            receiver.close();
            assertThat(open(topic)).isEqualTo(6);

            Inbox second = Inbox.acknowledging();
            Receiver next = transport.receive(everything(group), second);
            second.awaitCount(6);
            assertThat(second.ids().get(0)).isEqualTo(published.get(4).id());
            next.close();
            assertThat(open(topic)).isZero();
        }
    }

    @Test
    void records_that_nobody_of_us_wrote_become_messages_and_stop_nobody() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            publish(transport, messages("a", 1));
            try (var producer = TestKafka.producer(Map.of())) {
                producer.send(new ProducerRecord<>(topic, null, null)).get();
                producer.send(new ProducerRecord<>(topic, "key".getBytes(UTF_8), null))
                        .get();
                producer.send(new ProducerRecord<>(topic, new byte[] {(byte) 0xff}, "{no json".getBytes(UTF_8)))
                        .get();
                var garbage = new ProducerRecord<>(topic, "key".getBytes(UTF_8), new byte[] {0, (byte) 0xfe});
                garbage.headers()
                        .add("ce_id", new byte[] {(byte) 0xc3, 0x28})
                        .add("ce_type", null)
                        .add("x", null);
                producer.send(garbage).get();
            }
            publish(transport, messages("b", 1));

            Inbox inbox = new Inbox(delivery -> {
                if (delivery.message().type().isEmpty()) {
                    delivery.reject();
                } else {
                    delivery.ack();
                }
            });
            Receiver receiver = transport.receive(everything(group), inbox);

            inbox.awaitCount(6);
            eventually(
                    "four are kept", () -> transport.deadLetters(group).read(10).size() == 4);
            assertThat(inbox.ids()).contains("a-1", "b-1");
            assertThat(transport.deadLetters(group).read(10))
                    .extracting(Message::topic)
                    .containsOnly("order");
            receiver.close();
            assertThat(uncommitted(group, topic)).isZero();
        }
    }

    @Test
    void a_group_that_wants_some_types_gets_those_and_what_tells_none() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Message other = new Message("p-1", "order", "order.paid", "a", Map.of(), new byte[0]);
            publish(transport, List.of(message("a", 1), other, message("a", 2)));
            try (var producer = TestKafka.producer(Map.of())) {
                producer.send(new ProducerRecord<>(topic, "a".getBytes(UTF_8), "?".getBytes(UTF_8)))
                        .get();
            }

            Inbox inbox = Inbox.acknowledging();
            var wanted = new ReceiveRequest(group, Set.of(new TypePattern("order.created")), 10, true);
            Receiver receiver = transport.receive(wanted, inbox);

            inbox.awaitCount(3);
            assertThat(inbox.ids()).startsWith("a-1", "a-2").hasSize(3);
            receiver.close();
            assertThat(uncommitted(group, topic)).isZero();
        }
    }

    @Test
    void gaps_of_transactions_are_crossed_and_what_was_taken_back_is_not_delivered() throws Exception {
        KafkaOptions onePartition = options.withTopics(options.topics().withPartitions(1));
        try (KafkaTransport transport = KafkaTransport.connect(onePartition)) {
            publish(transport, messages("a", 1));
            try (var producer = TestKafka.producer(Map.of("transactional.id", fresh("tx")))) {
                producer.initTransactions();
                for (int n = 0; n < 6; n++) {
                    producer.beginTransaction();
                    producer.send(raw("t-" + n)).get();
                    if (n % 2 == 0) {
                        producer.commitTransaction();
                    } else {
                        producer.abortTransaction();
                    }
                }
            }

            Inbox inbox = Inbox.acknowledging();
            Receiver receiver = transport.receive(everything(group), inbox);
            inbox.awaitCount(4);

            // The last offsets are markers: a commit that counted records would never reach the end.
            eventually("everything is committed", () -> open(topic) == 0);
            eventually("no lag is told", () -> receiver.status().lag().orElse(-1) == 0);
            assertThat(inbox.ids()).containsExactly("a-1", "t-0", "t-2", "t-4");
        }
    }

    @Test
    void a_new_partition_skips_nothing_also_for_a_group_that_began_at_the_end() throws Exception {
        KafkaOptions onePartition = options.withTopics(options.topics().withPartitions(1));
        try (KafkaTransport transport = KafkaTransport.connect(onePartition.withStart(StartingPoint.latest()))) {
            publish(transport, messages("old", 5));
            Inbox inbox = Inbox.acknowledging();
            Receiver receiver = transport.receive(everything(group), inbox);
            eventually("it is receiving", () -> receiver.status().isReceiving());
            publish(transport, messages("new", 5));
            inbox.awaitCount(5);
            receiver.close();

            try (Admin admin = TestKafka.admin()) {
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4)))
                        .all()
                        .get();
            }
            List<Message> later = new ArrayList<>();
            IntStream.range(0, 40).forEach(n -> later.add(message("later" + n, n)));
            publish(transport, later);
            Inbox second = Inbox.acknowledging();
            transport.receive(everything(group), second);
            second.awaitCount(40);

            assertThat(inbox.ids()).containsExactlyElementsOf(ids(messages("new", 5)));
            assertThat(second.ids()).containsExactlyInAnyOrderElementsOf(ids(later));
        }
    }

    @Test
    void a_topic_is_replayed_into_another_group_and_the_live_one_does_not_notice() throws Exception {
        String replay = fresh("replay");
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            publish(transport, messages("before", 5));
            Inbox live = Inbox.acknowledging();
            transport.receive(everything(group), live);
            live.awaitCount(5);
            Instant between = between(transport, live);
            publish(transport, messages("after", 5));
            live.awaitCount(11);

            transport.rewind(replay, StartingPoint.at(between));
            Inbox replayed = Inbox.acknowledging();
            transport.receive(everything(replay), replayed);
            replayed.awaitCount(5);

            assertThat(replayed.ids()).containsExactlyElementsOf(ids(messages("after", 5)));
            eventually("the live group is at the end", () -> open(topic) == 0);
            assertThat(live.count()).isEqualTo(11);
        }
    }

    // A moment that is after the timestamp of everything published so far, and before what comes.
    private static Instant between(KafkaTransport transport, Inbox live) throws Exception {
        publish(transport, messages("mark", 1));
        live.awaitCount(6);
        Instant now = Instant.now();
        eventually("the clock moves on", () -> Instant.now().toEpochMilli() > now.toEpochMilli() + 1);
        return Instant.ofEpochMilli(now.toEpochMilli() + 1);
    }

    @Test
    void a_group_is_rewound_to_an_offset() throws Exception {
        KafkaOptions onePartition = options.withTopics(options.topics().withPartitions(1));
        try (KafkaTransport transport = KafkaTransport.connect(onePartition)) {
            publish(transport, messages("a", 10));
            Inbox first = Inbox.acknowledging();
            Receiver receiver = transport.receive(everything(group), first);
            first.awaitCount(10);
            receiver.close();

            transport.rewind(group, StartingPoint.atOffsets(Map.of(topic + "/0", 7L)));

            Inbox second = Inbox.acknowledging();
            transport.receive(everything(group), second);
            second.awaitCount(3);
            assertThat(second.ids()).containsExactly("a-8", "a-9", "a-10");
        }
    }

    @Test
    void a_slow_key_holds_up_no_other_of_its_partition_and_a_full_window_rests() throws Exception {
        KafkaOptions narrow = options.withTopics(options.topics().withPartitions(1))
                .withLimits(options.limits().withMaxBuffered(200, 1 << 20))
                .withConsumer(Map.of("max.poll.records", 50));
        try (KafkaTransport transport = KafkaTransport.connect(narrow)) {
            Inbox inbox = new Inbox(delivery -> {
                if (!delivery.message().key().equals("slow")) {
                    delivery.ack();
                }
            });
            Receiver receiver = transport.receive(everything(group), inbox);
            publish(transport, messages("slow", 2));
            List<Message> others = new ArrayList<>();
            IntStream.range(0, 1_000).forEach(n -> others.add(message("k" + n % 50, n)));
            publish(transport, others);

            // Of its window of 200, up to one poll more, everything but the slow key is handled; then it waits for it.
            inbox.awaitCount(199);
            await("nothing more comes")
                    .during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> inbox.count() <= 250);
            assertThat(open(topic)).isEqualTo(1_002);
            assertThat(receiver.status().lag().orElse(0)).isGreaterThanOrEqualTo(199);

            inbox.deliveries().stream()
                    .filter(delivery -> delivery.message().id().equals("slow-1"))
                    .forEach(delivery -> delivery.ack());
            eventually("the next of the slow key comes", () -> inbox.ids().contains("slow-2"));
            inbox.deliveries().stream()
                    .filter(delivery -> delivery.message().id().equals("slow-2"))
                    .forEach(delivery -> delivery.ack());
            inbox.awaitCount(1_002);
            assertThat(inbox.ids()).doesNotHaveDuplicates();
            eventually("all is committed", () -> open(topic) == 0);
        }
    }

    @Test
    void a_topic_with_less_than_what_is_wanted_is_told_and_not_changed() throws Exception {
        try (Admin admin = TestKafka.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(2), Optional.of((short) 1))))
                    .all()
                    .get();
        }
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            PublishException refusal =
                    failure(transport.publish(messages("a", 1)).get(0));

            assertThat(refusal.reason()).isEqualTo(PublishException.Reason.UNROUTABLE);
            assertThat(refusal).hasMessageContaining("partitions 2").hasMessageContaining("at least 3");
        }
    }

    @Test
    void all_that_wait_for_a_topic_that_is_refused_are_told_so_at_once() throws Exception {
        try (KafkaTransport transport =
                KafkaTransport.connect(options.withTopics(options.topics().withoutCreating()))) {
            for (CompletableFuture<Void> future : transport.publish(messages("a", 2_000))) {
                assertThat(failure(future).reason()).isEqualTo(PublishException.Reason.UNROUTABLE);
            }
        }
    }

    @Test
    void a_record_that_is_larger_than_we_would_publish_can_go_to_the_dead_letters() throws Exception {
        try (KafkaTransport transport =
                KafkaTransport.connect(options.withLimits(options.limits().withMaxBody(10_000)))) {
            transport.publish(List.of(message("a", 1))).get(0).get(60, TimeUnit.SECONDS);
            try (var producer = TestKafka.producer(Map.of())) {
                producer.send(new ProducerRecord<>(topic, "a".getBytes(UTF_8), new byte[20_000]))
                        .get();
            }
            Inbox rejecting = new Inbox(Delivery::reject);
            transport.receive(everything(group), rejecting);
            Inbox.eventually(
                    "two letters", () -> transport.deadLetters(group).read(10).size() == 2);
        }
    }

    @Test
    void without_creating_a_missing_topic_is_told_and_is_not_made() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(
                        options.withTopics(options.topics().withoutCreating()));
                Admin admin = TestKafka.admin()) {
            PublishException refusal =
                    failure(transport.publish(messages("a", 1)).get(0));

            assertThat(refusal.reason()).isEqualTo(PublishException.Reason.UNROUTABLE);
            assertThat(refusal).hasMessageContaining(topic).hasMessageContaining("make it");
            assertThat(admin.listTopics().names().get()).doesNotContain(topic);

            admin.createTopics(List.of(new NewTopic(topic, Optional.of(3), Optional.empty())))
                    .all()
                    .get();
            eventually("once it is there, it is found", () -> isPublished(transport, message("a", 1)));
        }
    }

    @Test
    void many_starters_make_one_topic_and_lose_none_of_the_first_records() throws Exception {
        List<KafkaTransport> transports = new ArrayList<>();
        try {
            List<CompletableFuture<Void>> futures = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                KafkaTransport transport = KafkaTransport.connect(options);
                transports.add(transport);
                futures.addAll(transport.publish(messages("k" + i, 50)));
            }
            for (CompletableFuture<Void> future : futures) {
                future.get(60, TimeUnit.SECONDS);
            }
            Inbox inbox = Inbox.acknowledging();
            transports.get(0).receive(everything(group), inbox);
            inbox.awaitCount(300);
            assertThat(inbox.ids()).hasSize(300).doesNotHaveDuplicates();
            try (Admin admin = TestKafka.admin()) {
                assertThat(admin.describeTopics(List.of(topic))
                                .allTopicNames()
                                .get()
                                .get(topic)
                                .partitions())
                        .hasSize(options.topics().partitions());
            }
        } finally {
            transports.forEach(KafkaTransport::close);
        }
    }

    @Test
    void a_body_over_the_limit_fails_alone_with_its_size_and_the_limit() throws Exception {
        try (KafkaTransport transport =
                KafkaTransport.connect(options.withLimits(options.limits().withMaxBody(10_000)))) {
            Message large = new Message("large", "order", "order.created", "a", Map.of(), new byte[10_001]);
            List<CompletableFuture<Void>> futures = transport.publish(List.of(message("a", 1), large, message("a", 2)));

            futures.get(0).get(60, TimeUnit.SECONDS);
            futures.get(2).get(60, TimeUnit.SECONDS);
            PublishException refusal = failure(futures.get(1));
            assertThat(refusal.reason()).isEqualTo(PublishException.Reason.TOO_LARGE);
            assertThat(refusal).hasMessageContaining("10001").hasMessageContaining("10000");
        }
    }

    @Test
    void a_record_that_the_broker_finds_too_large_fails_alone() throws Exception {
        KafkaOptions generous = options.withLimits(options.limits().withMaxBody(3_000_000))
                .withProducer(Map.of("compression.type", "none"));
        try (KafkaTransport transport = KafkaTransport.connect(generous)) {
            Message large = new Message("large", "order", "order.created", "a", Map.of(), new byte[2_000_000]);
            List<CompletableFuture<Void>> futures = transport.publish(List.of(message("a", 1), large, message("a", 2)));

            PublishException refusal = failure(futures.get(1));
            assertThat(refusal.reason()).isEqualTo(PublishException.Reason.TOO_LARGE);
            assertThat(refusal).hasMessageContaining("max.message.bytes");
            futures.get(0).get(60, TimeUnit.SECONDS);
            futures.get(2).get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void more_than_may_be_pending_is_not_accepted_and_nothing_overtakes() throws Exception {
        KafkaOptions narrow = options.withLimits(options.limits().withMaxPending(10, 1 << 20));
        try (KafkaTransport transport = KafkaTransport.connect(narrow)) {
            List<CompletableFuture<Void>> futures = transport.publish(messages("a", 30));

            for (int i = 0; i < 10; i++) {
                futures.get(i).get(60, TimeUnit.SECONDS);
            }
            for (int i = 10; i < 30; i++) {
                assertThat(failure(futures.get(i)).reason()).isEqualTo(PublishException.Reason.NOT_ACCEPTED);
            }
            assertThat(isPublished(transport, message("a", 31))).isTrue();
        }
    }

    @Test
    void redelivering_to_a_group_that_never_was_is_told() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            PublishException refusal =
                    failure(transport.deadLetters(fresh("nobody")).redeliver(message("a", 1)));
            assertThat(refusal.reason()).isEqualTo(PublishException.Reason.UNROUTABLE);
            assertThat(refusal).hasMessageContaining("never received");
        }
    }

    @Test
    void the_clients_tell_their_metrics() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (KafkaTransport transport = KafkaTransport.connect(options.withMeters(registry))) {
            Inbox inbox = Inbox.acknowledging();
            transport.receive(everything(group), inbox);
            publish(transport, messages("a", 1));
            inbox.awaitCount(1);

            assertThat(registry.find("kafka.producer.record.send.total").meters())
                    .isNotEmpty();
            assertThat(registry.find("kafka.consumer.fetch.manager.records.consumed.total")
                            .meters())
                    .isNotEmpty();
        }
        assertThat(registry.find("kafka.producer.record.send.total").meters()).isEmpty();
    }

    private ProducerRecord<byte[], byte[]> raw(String id) {
        var record = new ProducerRecord<>(topic, "t".getBytes(UTF_8), id.getBytes(UTF_8));
        record.headers().add("ce_id", id.getBytes(UTF_8)).add("ce_type", "order.created".getBytes(UTF_8));
        return record;
    }

    private long open(String of) {
        try {
            return uncommitted(group, of);
        } catch (Exception e) {
            throw new AssertionError("The offsets could not be read", e);
        }
    }

    private static boolean isPublished(KafkaTransport transport, Message message) {
        return catchThrowable(() -> publish(transport, List.of(message))) == null;
    }

    private static PublishException failure(CompletableFuture<Void> future) {
        Throwable failure = catchThrowable(() -> future.get(60, TimeUnit.SECONDS));
        assertThat(failure).as("the failure of a publish future").isNotNull();
        assertThat(failure.getCause()).isInstanceOf(PublishException.class);
        return (PublishException) failure.getCause();
    }
}

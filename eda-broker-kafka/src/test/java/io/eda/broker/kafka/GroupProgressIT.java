package io.eda.broker.kafka;

import static io.eda.broker.kafka.Inbox.eventually;
import static io.eda.broker.kafka.TestKafka.everything;
import static io.eda.broker.kafka.TestKafka.fresh;
import static io.eda.broker.kafka.TestKafka.message;
import static io.eda.broker.kafka.TestKafka.messages;
import static io.eda.broker.kafka.TestKafka.options;
import static io.eda.broker.kafka.TestKafka.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.transport.Delivery;
import io.eda.transport.GroupProgress;
import io.eda.transport.GroupProgress.Passed;
import io.eda.transport.GroupProgress.Unknown;
import io.eda.transport.GroupProgress.Waiting;
import io.eda.transport.Message;
import io.eda.transport.ProgressRequest;
import io.eda.transport.ProgressRequest.Sought;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How far a group has come with a message, by its committed offsets. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(240)
final class GroupProgressIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final KafkaOptions options = onePartition(options());
    private final String topic = options.topics().prefix() + "order";
    private final String group = fresh("group");
    private final KafkaTransport transport = KafkaTransport.connect(options);
    private final Instant begun = Instant.now();

    private static KafkaOptions onePartition(KafkaOptions options) {
        return options.withTopics(options.topics().withPartitions(1));
    }

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void what_was_acknowledged_is_passed_and_what_was_not_waits_with_all_that_stands_before_it() throws Exception {
        publish(transport, messages("a", 5));
        // The third is never settled, and the commit never passes it.
        Inbox inbox = new Inbox(delivery -> {
            if (!delivery.message().id().equals("a-3")) {
                delivery.ack();
            }
        });
        transport.receive(everything(group), inbox);
        awaitPassed("a-2");
        assertThat(progress("a-1", "a-2")).hasOnlyElementsOfType(Passed.class);
        assertThat(progress("a-3", "a-4", "a-5"))
                .extracting(answer -> ((Waiting) answer).before())
                .containsExactly(0L, 1L, 2L);
        assertThat(progress("a-4"))
                .singleElement()
                .isEqualTo(new Waiting(1, "it stands at offset 3 of " + topic + "/0, and the group goes on at 2"));
        inbox.delivery(2).ack();
        awaitPassed("a-5");
        assertThat(progress("a-1", "a-2", "a-3", "a-4", "a-5"))
                .hasOnlyElementsOfType(Passed.class)
                .contains(new Passed("it stands at offset 2 of " + topic + "/0, and the group goes on at 5"));
    }

    @Test
    void a_group_that_is_stuck_at_its_first_message_has_passed_nothing() throws Exception {
        publish(transport, messages("a", 2));
        Inbox inbox = Inbox.holding();
        transport.receive(everything(group), inbox);
        inbox.awaitCount(1);
        assertThat(progress("a-1", "a-2"))
                .extracting(answer -> ((Waiting) answer).before())
                .containsExactly(0L, 1L);
    }

    @Test
    void of_a_message_that_was_published_twice_the_copy_that_waits_decides() throws Exception {
        publish(transport, List.of(message("a", 1), message("a", 2)));
        List<Delivery> held = new ArrayList<>();
        Inbox inbox = new Inbox(delivery -> {
            boolean isSecond = delivery.message().id().equals("a-1") && !held.isEmpty();
            if (isSecond) {
                held.add(delivery);
                return;
            }
            held.add(delivery);
            delivery.ack();
        });
        transport.receive(everything(group), inbox);
        awaitPassed("a-2");
        assertThat(progress("a-1")).hasOnlyElementsOfType(Passed.class);

        publish(transport, List.of(message("a", 1)));
        inbox.awaitCount(3);
        assertThat(progress("a-1"))
                .containsExactly(
                        new Waiting(0, "it stands at offset 2 of " + topic + "/0, and the group goes on at 2"));
        inbox.delivery(2).ack();
        awaitPassed("a-1");
    }

    @Test
    void what_retention_has_removed_and_what_was_never_published_is_unknown() throws Exception {
        publish(transport, messages("a", 3));
        transport.receive(everything(group), Inbox.acknowledging());
        awaitPassed("a-3");
        try (Admin admin = TestKafka.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
        assertThat(progress("a-1", "nobody-1", "a-3"))
                .satisfiesExactly(
                        gone -> assertUnknown(gone, "retention or compaction has removed it, or it was never"),
                        never -> assertUnknown(never, "no record of it is in the topic " + topic),
                        kept -> assertThat(kept).isInstanceOf(Passed.class));
    }

    @Test
    void what_is_redelivered_to_the_group_alone_waits_until_that_is_passed_too() throws Exception {
        publish(transport, messages("a", 1));
        Inbox inbox = new Inbox(delivery -> {
            if (delivery.message().headers().containsKey("again")) {
                return;
            }
            delivery.ack();
        });
        transport.receive(everything(group), inbox);
        awaitPassed("a-1");
        Message once = message("a", 1);
        transport
                .deadLetters(group)
                .redeliver(new Message(
                        once.id(), once.topic(), once.type(), once.key(), Map.of("again", "yes"), once.body()))
                .get(60, TimeUnit.SECONDS);
        inbox.awaitCount(2);
        assertThat(progress("a-1")).singleElement().isInstanceOfSatisfying(Waiting.class, waiting -> assertThat(
                        waiting.evidence())
                .contains(Destination.redeliveryTo(group).topic()));
        inbox.delivery(1).ack();
        awaitPassed("a-1");
    }

    @Test
    void a_message_is_found_where_it_is_although_the_topic_has_grown() throws Exception {
        publish(transport, messages("a", 2));
        transport.receive(everything(group), Inbox.acknowledging());
        awaitPassed("a-2");
        try (Admin admin = TestKafka.admin()) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(16)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
        try (KafkaTransport other = KafkaTransport.connect(options)) {
            await().atMost(LONG).untilAsserted(() -> assertThat(other.progress(request(LONG, 100_000, "a-1")))
                    .hasOnlyElementsOfType(Passed.class));
        }
    }

    @Test
    void nothing_is_guessed_about_a_group_that_the_broker_does_not_know() throws Exception {
        publish(transport, messages("a", 1));
        assertUnknown(progress("a-1").get(0), "its broker has no offsets of '" + group + "'");
    }

    @Test
    void nothing_is_guessed_about_a_group_without_order() throws Exception {
        publish(transport, messages("a", 1));
        Inbox inbox = Inbox.acknowledging();
        transport.receive(new ReceiveRequest(group, Set.of(TypePattern.everything()), 100, false), inbox);
        inbox.awaitCount(1);
        assertUnknown(progress("a-1").get(0), "it has none of groups without order");
    }

    @Test
    void a_search_ends_at_its_limit_and_says_so() throws Exception {
        publish(transport, messages("b", 50));
        publish(transport, messages("a", 1));
        transport.receive(everything(group), Inbox.acknowledging());
        awaitPassed("a-1");
        assertUnknown(
                transport.progress(request(LONG, 10, "a-1")).get(0), "it was not found among 10 records within PT1M");
        assertThat(transport.progress(request(LONG, 100_000, "a-1"))).hasOnlyElementsOfType(Passed.class);
    }

    @Test
    void a_broker_that_is_away_is_told_in_time() {
        KafkaOptions nowhere = options("127.0.0.1:1");
        try (KafkaTransport lonely = KafkaTransport.connect(nowhere)) {
            List<GroupProgress> answers = lonely.progress(request(Duration.ofMillis(500), 10, "a-1", "a-2"));
            assertThat(answers).hasSize(2).allSatisfy(answer -> assertUnknown(answer, "its broker did not answer"));
        }
    }

    private void awaitPassed(String id) {
        eventually(id + " is passed", () -> progress(id).get(0) instanceof Passed);
    }

    private List<GroupProgress> progress(String... ids) {
        return transport.progress(request(LONG, 100_000, ids));
    }

    private ProgressRequest request(Duration timeout, int records, String... ids) {
        List<Sought> sought = List.of(ids).stream()
                .map(id -> new Sought(id, "order", id.substring(0, id.indexOf('-')), begun))
                .toList();
        return new ProgressRequest(group, sought, records, timeout);
    }

    private static void assertUnknown(GroupProgress answer, String reason) {
        assertThat(answer).isInstanceOfSatisfying(Unknown.class, unknown -> assertThat(unknown.reason())
                .contains(reason));
    }
}

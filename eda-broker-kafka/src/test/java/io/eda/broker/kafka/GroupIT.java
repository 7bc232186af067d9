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
import static org.awaitility.Awaitility.await;

import io.eda.testkit.servers.ChildJvm;
import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import io.eda.transport.Message;
import io.eda.transport.Receiver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that freeze and restart, and logs with holes, on a broker with short sessions and a quick log cleaner. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class GroupIT {

    private static KafkaServer server;

    private final KafkaOptions options = options(server.bootstrapServers());
    private final String topic = options.topics().prefix() + "order";
    private final String group = fresh("group");

    @BeforeAll
    static void start() {
        server = RealServers.dedicatedKafka(ServerOptions.from(ServerOptions.Source.JAR)
                .withSetting("group.min.session.timeout.ms", "1000")
                .withSetting("log.cleaner.backoff.ms", "200")
                .withSetting("log.retention.check.interval.ms", "500"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_member_that_was_frozen_past_its_session_moves_no_offset_and_settles_nothing() throws Exception {
        KafkaOptions onePartition = options.withTopics(options.topics().withPartitions(1));
        try (KafkaTransport transport = KafkaTransport.connect(onePartition);
                ChildJvm frozen = ChildJvm.start(
                        SlowMember.class,
                        server.bootstrapServers(),
                        options.topics().prefix(),
                        group)) {
            publish(transport, messages("a", 3));
            eventually("the child has the first one", () -> frozen.lines().contains("took a-1"));
            frozen.freeze();

            Inbox inbox = Inbox.acknowledging();
            transport.receive(everything(group), inbox);
            inbox.awaitCount(3);
            publish(transport, List.of(message("a", 4), message("a", 5)));
            inbox.awaitCount(5);
            eventually("all is committed", () -> open() == 0);
            frozen.thaw();

            eventually("the child settles what it had", () -> frozen.lines().contains("settled a-1"));
            eventually("the child is a member again", () -> members() == 2);
            await("no offset moves back")
                    .during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> open() == 0);
            publish(transport, List.of(message("a", 6)));
            eventually(
                    "the next one is handled",
                    () -> taken(frozen).contains("a-6") || inbox.ids().contains("a-6"));
            eventually("all is committed again", () -> open() == 0);
            assertThat(inbox.ids())
                    .startsWith("a-1", "a-2", "a-3", "a-4", "a-5")
                    .doesNotHaveDuplicates();
        }
    }

    private static List<String> taken(ChildJvm child) {
        return child.lines().stream()
                .filter(line -> line.startsWith("took "))
                .map(line -> line.substring("took ".length()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void a_static_member_that_restarts_within_its_session_moves_no_partition(String protocol) throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        KafkaOptions chosen = options.withTopics(options.topics().withPartitions(4));
        try (KafkaTransport staying =
                KafkaTransport.connect(chosen.withMeters(registry).withConsumer(member("staying", protocol)))) {
            Inbox inbox = Inbox.acknowledging();
            Receiver stays = staying.receive(everything(group), inbox);
            publish(
                    staying,
                    IntStream.range(0, 40).mapToObj(n -> message("k" + n, n)).toList());
            KafkaTransport first = KafkaTransport.connect(chosen.withConsumer(member("restarting", protocol)));
            Receiver restarting = first.receive(everything(group), Inbox.acknowledging());
            eventually("both have some of it", this::haveTwoMembersAShare);
            eventually(
                    "both receive",
                    () -> restarting.status().isReceiving() && stays.status().isReceiving());
            awaitStable(registry);
            double before = rebalances(registry);
            first.close();

            try (KafkaTransport again = KafkaTransport.connect(chosen.withConsumer(member("restarting", protocol)))) {
                Inbox second = Inbox.acknowledging();
                again.receive(everything(group), second);
                List<Message> later = new ArrayList<>();
                IntStream.range(0, 40).forEach(n -> later.add(message("later" + n, n)));
                publish(staying, later);

                eventually("both together get all", () -> {
                    List<String> all = new ArrayList<>(inbox.ids());
                    all.addAll(second.ids());
                    return Set.copyOf(all).containsAll(ids(later));
                });
                assertThat(second.count()).as("what the restarted member got").isPositive();
                assertThat(rebalances(registry)).isEqualTo(before);
            }
        }
    }

    private static Map<String, Object> member(String name, String protocol) {
        return Map.of("group.instance.id", name, "group.protocol", protocol);
    }

    private static void awaitStable(MeterRegistry registry) {
        double[] last = {-1};
        await("no rebalance for a while")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    double now = rebalances(registry);
                    boolean isStable = now == last[0];
                    last[0] = now;
                    return isStable && now > 0;
                });
    }

    private static double rebalances(MeterRegistry registry) {
        return registry.find("kafka.consumer.coordinator.rebalance.total").functionCounters().stream()
                .mapToDouble(FunctionCounter::count)
                .sum();
    }

    @Test
    void the_holes_of_a_compacted_log_hold_up_no_commit() throws Exception {
        Map<String, String> compacted =
                Map.of("cleanup.policy", "compact", "segment.ms", "200", "min.cleanable.dirty.ratio", "0.01");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.of((short) 1)).configs(compacted);
            admin.createTopics(List.of(wanted)).all().get();
        }
        KafkaOptions onePartition = options.withTopics(options.topics().withPartitions(1));
        try (KafkaTransport transport = KafkaTransport.connect(onePartition)) {
            int published = 0;
            for (int n = 1; n <= 60; n++) {
                publish(transport, List.of(message("k" + n % 3, n)));
                published++;
            }
            int before = published;
            int[] more = {0};
            eventually("the log has holes", () -> {
                // A segment is closed by the first record that comes after its time.
                publishOne(transport, message("k" + more[0] % 3, before + ++more[0]));
                return stored() < before;
            });

            Inbox inbox = Inbox.acknowledging();
            Receiver receiver = transport.receive(everything(group), inbox);
            String last = message("k" + (more[0] - 1) % 3, before + more[0]).id();
            eventually("the last one is handled", () -> inbox.ids().contains(last));
            eventually("all is committed", () -> open() == 0);
            receiver.close();
            assertThat(inbox.count()).isLessThan(before + more[0]);
            assertThat(inbox.ids()).doesNotHaveDuplicates();

            Inbox second = Inbox.acknowledging();
            transport.receive(everything(group), second);
            publish(transport, List.of(message("new", 1)));
            second.awaitCount(1);
            assertThat(second.ids()).containsExactly("new-1");
        }
    }

    private static void publishOne(KafkaTransport transport, Message message) {
        transport.publish(List.of(message)).get(0).join();
    }

    private int stored() {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", server.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).get(partition);
            int stored = 0;
            while (reader.position(partition) < end) {
                stored += reader.poll(Duration.ofMillis(100)).count();
            }
            return stored;
        }
    }

    private long open() {
        try {
            return TestKafka.uncommitted(server.bootstrapServers(), group, topic);
        } catch (Exception e) {
            throw new AssertionError("The offsets could not be read", e);
        }
    }

    private boolean haveTwoMembersAShare() {
        return groupMembers().stream()
                        .filter(member -> member.assignment().topicPartitions().stream()
                                .anyMatch(partition -> partition.topic().equals(topic)))
                        .count()
                == 2;
    }

    private int members() {
        return groupMembers().size();
    }

    private Collection<MemberDescription> groupMembers() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            return admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get()
                    .get(group)
                    .members();
        } catch (Exception e) {
            return List.of();
        }
    }
}

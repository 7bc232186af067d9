package io.eda.broker.kafka;

import static io.eda.broker.kafka.Inbox.eventually;
import static io.eda.broker.kafka.TestKafka.fresh;
import static io.eda.broker.kafka.TestKafka.ids;
import static io.eda.broker.kafka.TestKafka.message;
import static io.eda.broker.kafka.TestKafka.messages;
import static io.eda.broker.kafka.TestKafka.options;
import static io.eda.broker.kafka.TestKafka.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.testkit.servers.ChildJvm;
import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Groups without order, on a broker of their own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ShareGroupIT {

    private static final int SHORT_LOCK_MILLIS = 5_000;

    private static KafkaServer server;

    private final KafkaOptions options = onePartition();
    private final String group = fresh("group");

    @BeforeAll
    static void start() {
        server = RealServers.dedicatedKafka(ServerOptions.from(ServerOptions.Source.JAR)
                .withSetting("group.share.min.record.lock.duration.ms", "1000"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static KafkaOptions onePartition() {
        KafkaOptions options = options(server.bootstrapServers());
        return options.withTopics(options.topics().withPartitions(1))
                .withLimits(options.limits().withPatience(Duration.ofSeconds(5), Duration.ofSeconds(3)));
    }

    private ReceiveRequest unordered(int maxInFlight) {
        return new ReceiveRequest(group, Set.of(TypePattern.everything()), maxInFlight, false);
    }

    @Test
    void more_members_than_partitions_all_work_and_nothing_is_lost_when_one_is_killed() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options);
                ChildJvm doomed = ChildJvm.start(
                        ShareMember.class,
                        server.bootstrapServers(),
                        options.topics().prefix(),
                        group,
                        "20")) {
            List<Message> first = messages("a", 100);
            publish(transport, first);
            // Of its 20, two are kept free for what is redelivered.
            int held = 18;
            eventually("the child holds what it may", () -> taken(doomed).size() == held);

            Inbox one = Inbox.acknowledging();
            Inbox two = Inbox.acknowledging();
            transport.receive(unordered(5), one);
            transport.receive(unordered(5), two);
            List<Message> more = messages("b", 400);
            publish(transport, more);
            eventually(
                    "all but the child's are handled", () -> distinct(one, two).size() >= 500 - held);
            assertThat(distinct(one, two)).doesNotContainAnyElementsOf(taken(doomed));
            assertThat(one.count()).isPositive();
            assertThat(two.count()).isPositive();

            doomed.close();

            eventually("the child's are handled too", () -> distinct(one, two).size() == 500);
            assertThat(distinct(one, two)).containsAll(ids(first)).containsAll(ids(more));
            assertThat(attemptsOf(taken(doomed), one, two))
                    .allSatisfy(attempt -> assertThat(attempt).isGreaterThanOrEqualTo(2));
        }
    }

    private static List<String> taken(ChildJvm child) {
        return child.lines().stream()
                .filter(line -> line.startsWith("took "))
                .map(line -> line.substring("took ".length()))
                .toList();
    }

    private static Set<String> distinct(Inbox one, Inbox two) {
        List<String> all = new ArrayList<>(one.ids());
        all.addAll(two.ids());
        return Set.copyOf(all);
    }

    private static List<Integer> attemptsOf(List<String> ids, Inbox one, Inbox two) {
        List<Delivery> all = new ArrayList<>(one.deliveries());
        all.addAll(two.deliveries());
        return all.stream()
                .filter(delivery -> ids.contains(delivery.message().id()))
                .map(Delivery::attempt)
                .toList();
    }

    @Test
    void a_message_that_takes_longer_than_its_lock_is_held_and_comes_to_nobody_else() throws Exception {
        shortenLocks();
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Inbox slow = Inbox.holding();
            Receiver receiver = transport.receive(unordered(1), slow);
            publish(transport, messages("a", 1));
            slow.awaitCount(1);
            Inbox other = Inbox.acknowledging();
            transport.receive(unordered(10), other);

            await("nobody else gets it")
                    .during(Duration.ofMillis(SHORT_LOCK_MILLIS * 2))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> other.count() == 0 && slow.count() == 1);
            slow.delivery(0).ack();
            receiver.close();
            publish(transport, messages("b", 1));

            other.awaitCount(1);
            assertThat(other.ids()).containsExactly("b-1");
            await("what was acknowledged is not there again")
                    .during(Duration.ofMillis(SHORT_LOCK_MILLIS))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> other.count() == 1);
        }
    }

    private void shortenLocks() throws Exception {
        var lock = new ConfigEntry("share.record.lock.duration.ms", Integer.toString(SHORT_LOCK_MILLIS));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, group),
                            List.of(new AlterConfigOp(lock, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    @Test
    void a_slow_message_holds_up_no_other() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Inbox inbox = new Inbox(delivery -> {
                if (!delivery.message().key().equals("slow")) {
                    delivery.ack();
                }
            });
            transport.receive(unordered(40), inbox);
            publish(transport, messages("slow", 1));
            inbox.awaitCount(1);
            publish(transport, messages("a", 500));

            inbox.awaitCount(501);
            inbox.delivery(0).ack();
            assertThat(inbox.ids()).hasSize(501).doesNotHaveDuplicates();
        }
    }

    @Test
    void what_fails_comes_again_however_often_and_is_never_dropped_by_the_broker() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Inbox inbox = new Inbox(delivery -> {
                if (delivery.attempt() < 12) {
                    delivery.retryLater(Duration.ofMillis(10));
                } else {
                    delivery.ack();
                }
            });
            transport.receive(unordered(10), inbox);

            publish(transport, List.of(message("a", 1)));

            inbox.awaitCount(12);
            assertThat(inbox.ids()).hasSize(12).containsOnly("a-1");
            assertThat(inbox.messages()).allSatisfy(again -> {
                assertThat(again.headers()).isEqualTo(message("a", 1).headers());
                assertThat(again.key()).isEqualTo("a");
                assertThat(again.topic()).isEqualTo("order");
            });
            assertThat(inbox.deliveries().stream().map(Delivery::attempt))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 12).boxed().toList());
        }
    }

    @Test
    void what_is_given_back_comes_not_before_its_pause() throws Exception {
        shortenLocks();
        List<Long> times = new CopyOnWriteArrayList<>();
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            transport.receive(
                    unordered(1),
                    deliveries -> deliveries.forEach(delivery -> {
                        times.add(System.nanoTime());
                        if (delivery.attempt() == 1) {
                            // Longer than the lock: it is held for as long.
                            delivery.retryLater(Duration.ofMillis(SHORT_LOCK_MILLIS + 1_000));
                        } else {
                            delivery.ack();
                        }
                    }));
            publish(transport, messages("a", 1));

            eventually("it comes again", () -> times.size() == 2);
            assertThat(Duration.ofNanos(times.get(1) - times.get(0)))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(SHORT_LOCK_MILLIS + 1_000));
        }
    }

    @Test
    void what_is_rejected_goes_to_the_dead_letters_and_comes_back_when_it_is_redelivered() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Inbox inbox = new Inbox(delivery -> {
                if (delivery.message().id().equals("a-2")
                        && delivery.message().headers().size() == 1) {
                    delivery.reject();
                } else {
                    delivery.ack();
                }
            });
            transport.receive(unordered(10), inbox);
            publish(transport, messages("a", 3));
            inbox.awaitCount(3);
            eventually("it is kept", () -> transport.deadLetters(group).read(10).size() == 1);
            Message letter = transport.deadLetters(group).read(10).get(0);
            assertThat(letter.id()).isEqualTo("a-2");

            Message mended = new Message(
                    letter.id(),
                    letter.topic(),
                    letter.type(),
                    letter.key(),
                    Map.of("n", "2", "mended", "yes"),
                    letter.body());
            transport.deadLetters(group).redeliver(mended).join();

            inbox.awaitCount(4);
            assertThat(inbox.delivery(3).message().headers()).containsEntry("mended", "yes");
            assertThat(inbox.delivery(3).attempt()).isEqualTo(1);
        }
    }

    @Test
    void a_closed_member_gives_back_what_it_holds_and_a_late_settlement_settles_nothing() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Inbox first = Inbox.holding();
            Receiver leaving = transport.receive(unordered(10), first);
            publish(transport, messages("a", 5));
            first.awaitCount(5);
            leaving.close();

            Inbox second = Inbox.holding();
            Receiver staying = transport.receive(unordered(10), second);
            // One at least: they may come back in parts, and a consumer that holds a part takes no more before it
            // settles it.
            second.awaitCount(1);
            first.deliveries().forEach(Delivery::ack);
            staying.close();

            Inbox third = Inbox.acknowledging();
            transport.receive(unordered(10), third);
            third.awaitCount(5);
            assertThat(third.ids()).containsExactlyInAnyOrderElementsOf(ids(messages("a", 5)));
        }
    }

    @Test
    void a_paused_member_takes_nothing_and_goes_on() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Inbox inbox = Inbox.acknowledging();
            Receiver receiver = transport.receive(unordered(10), inbox);
            publish(transport, messages("a", 5));
            inbox.awaitCount(5);
            receiver.pause();
            publish(transport, messages("b", 100));

            await("a few at most were on their way")
                    .during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> inbox.count() <= 15);
            receiver.resume();
            inbox.awaitCount(105);
            assertThat(inbox.ids()).doesNotHaveDuplicates();
        }
    }

    @Test
    void what_was_confirmed_is_handled_over_a_kill_of_the_broker() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Inbox inbox = Inbox.acknowledging();
            Receiver receiver = transport.receive(unordered(20), inbox);
            publish(transport, messages("a", 200));
            inbox.awaitCount(50);
            server.kill();
            server.start();
            publish(transport, messages("b", 50));

            eventually("all are handled", () -> inbox.ids().containsAll(ids(messages("a", 200))));
            eventually("the later ones too", () -> inbox.ids().containsAll(ids(messages("b", 50))));
            eventually("it is receiving", () -> receiver.status().isReceiving());
        }
    }

    @Test
    void a_group_is_of_one_kind_here_and_at_the_broker() throws Exception {
        try (KafkaTransport transport = KafkaTransport.connect(options);
                KafkaTransport elsewhere = KafkaTransport.connect(options)) {
            Receiver first = transport.receive(unordered(10), Inbox.acknowledging());
            eventually("the group is there", () -> first.status().isReceiving());

            assertThatThrownBy(() -> transport.receive(TestKafka.everything(group), Inbox.acknowledging()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("use another group");
            Receiver other = elsewhere.receive(TestKafka.everything(group), Inbox.acknowledging());
            eventually("the broker's refusal is told", () -> failureOf(other).contains("of the other kind"));
        }
    }

    @Test
    void an_unordered_group_cannot_begin_at_offsets() {
        KafkaOptions atOffsets = options.withStart(StartingPoint.atOffsets(Map.of("events.order/0", 7L)));
        try (KafkaTransport transport = KafkaTransport.connect(atOffsets)) {
            assertThatThrownBy(() -> transport.receive(unordered(10), Inbox.acknowledging()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("earliest, latest or a time");
        }
    }

    // The last, because it takes the feature away from the broker.
    @Test
    @Order(Integer.MAX_VALUE)
    void a_broker_without_share_groups_is_told_with_what_to_do() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            admin.updateFeatures(Map.of(
                            "share.version", new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE)))
                    .all()
                    .get();
        }
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Receiver receiver = transport.receive(unordered(10), Inbox.acknowledging());

            eventually("it is told", () -> failureOf(receiver).contains("share.version"));
            assertThat(receiver.status().failure()).containsInstanceOf(UnsupportedVersionException.class);
            assertThat(failureOf(receiver)).contains("Kafka 4.2").contains("subscribe in order");
        }
    }

    private static String failureOf(Receiver receiver) {
        return receiver.status().failure().map(Throwable::getMessage).orElse("");
    }
}

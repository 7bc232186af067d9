package io.eda.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.transport.Capability;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Messages of one topic and key arrive as they were published, one member at a time, whatever fails before them. */
abstract class OrderContract extends TransportCases {

    private static final int KEYS = 16;
    private static final int PER_KEY = 40;

    OrderContract(EventTransportContract suite) {
        super(suite);
    }

    @Test
    void a_member_gets_every_key_in_its_order() throws Exception {
        Member member = join(member("mail").withMaxInFlight(500));
        List<Message> published = interleaved();

        publish(published);

        awaitExactly(published.size(), member);
        assertThat(idsByKey(member.arrivals())).isEqualTo(Intervals.idsByKey(published, Message::key, Message::id));
    }

    @Test
    void batches_of_racing_publishers_are_never_reordered_within_a_key() throws Exception {
        Member member = join(member("mail").withMaxInFlight(500));
        ExecutorService publishers = Executors.newFixedThreadPool(8);
        try {
            for (int k = 0; k < 8; k++) {
                String key = "k" + k;
                publishers.execute(() -> publishUnconfirmed(messages(key, 50)));
            }
            awaitExactly(400, member);
        } finally {
            publishers.shutdownNow();
        }

        for (int k = 0; k < 8; k++) {
            assertThat(idsByKey(member.arrivals()).get(key("k" + k)))
                    .containsExactlyElementsOf(ids(messages("k" + k, 50)));
        }
    }

    @Test
    void of_one_key_nothing_overlaps_between_members() throws Exception {
        requires(Capability.ORDER_OVER_MEMBERS);
        Intervals intervals = new Intervals();
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            Member[] members = new Member[3];
            for (int i = 0; i < members.length; i++) {
                String name = "worker " + i;
                members[i] = join(member("mail").answering(delivery -> workLater(workers, intervals, name, delivery)));
            }
            List<Message> published = interleaved();

            publish(published);

            awaitExactly(published.size(), members);
            eventually("all is worked off", () -> intervals.finished() == published.size());
            assertThat(intervals.ids()).containsExactlyInAnyOrderElementsOf(ids(published));
            assertThat(intervals.overlapsBetweenMembers()).isEmpty();
            assertThat(intervals.idsByKey()).isEqualTo(Intervals.idsByKey(published, Message::key, Message::id));
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void members_that_come_and_go_leave_every_key_in_order_and_lose_nothing() throws Exception {
        requires(Capability.ORDER_OVER_MEMBERS);
        Intervals intervals = new Intervals();
        List<Message> published = interleaved();
        List<Member> members = new ArrayList<>();
        members.add(join(workingMember(intervals, "worker 0")));
        for (int i = 0; i < 8; i++) {
            int from = i * published.size() / 8;
            publish(published.subList(from, (i + 1) * published.size() / 8));
            members.add(join(workingMember(intervals, "worker " + (i + 1))));
            if (i % 2 == 1) {
                members.get(i).close();
            }
        }

        eventually("every message is worked off", () -> intervals.distinctIds().size() == published.size());

        assertThat(intervals.overlapsBetweenMembers()).isEmpty();
        // A message may be worked off twice where its member left before it was settled; its first time is in order.
        assertThat(intervals.firstIdsByKey()).isEqualTo(Intervals.idsByKey(published, Message::key, Message::id));
    }

    @Test
    void what_was_given_back_comes_before_the_later_ones_of_its_key() throws Exception {
        Member member = join(member("mail").withMaxInFlight(1).answering(delivery -> {
            if (delivery.attempt() == 1) {
                delivery.retryLater(Duration.ofMillis(20));
            } else {
                delivery.ack();
            }
        }));

        publish(messages("a", 5));

        awaitExactly(10, member);
        List<String> expected = new ArrayList<>();
        ids(messages("a", 5)).forEach(id -> {
            expected.add(id);
            expected.add(id);
        });
        assertThat(member.ids()).containsExactlyElementsOf(expected);
    }

    @Test
    void what_was_given_back_goes_before_the_later_ones_at_another_member_too() throws Exception {
        requires(Capability.ORDER_OVER_MEMBERS);
        Intervals intervals = new Intervals();
        Member[] members = new Member[3];
        for (int i = 0; i < members.length; i++) {
            String name = "worker " + i;
            members[i] = join(member("mail").withMaxInFlight(1).answering(delivery -> {
                if (delivery.attempt() == 1 && ThreadLocalRandom.current().nextBoolean()) {
                    delivery.retryLater(Duration.ofMillis(1));
                } else {
                    intervals.around(name, delivery, delivery::ack);
                }
            }));
        }
        List<Message> published = interleaved();

        publish(published);

        eventually("all is worked off", () -> intervals.finished() >= published.size());
        assertThat(intervals.idsByKey()).isEqualTo(Intervals.idsByKey(published, Message::key, Message::id));
        assertThat(all(members).size()).isGreaterThan(published.size());
    }

    @Test
    void a_key_that_fails_holds_back_no_other() throws Exception {
        Member member = join(member("mail").answering(delivery -> {
            if (delivery.message().key().equals(key("bad")) && delivery.attempt() == 1) {
                delivery.retryLater(patience().multipliedBy(2));
            } else {
                delivery.ack();
            }
        }));
        publish(messages("bad", 1));
        awaitExactly(1, member);

        publish(messagesOfKeys(100));
        publish(messages("good", 100));

        awaitExactly(201, member);
        assertThat(idsByKey(member.arrivals()).get(key("good"))).containsExactlyElementsOf(ids(messages("good", 100)));
    }

    @Test
    void a_delay_never_ends_early() throws Exception {
        Duration delay = Duration.ofMillis(250);
        long[] givenBack = new long[1];
        Member member = join(member("mail").answering(delivery -> {
            if (delivery.message().key().equals(key("a")) && delivery.attempt() == 1) {
                givenBack[0] = System.nanoTime();
                delivery.retryLater(delay);
            } else {
                delivery.ack();
            }
        }));

        publish(message("a", 1));
        awaitArrivals(1, member);
        // Traffic must not wake it up before its time.
        publish(messagesOfKeys(20));

        awaitExactly(22, member);
        Arrival second = member.arrivals().stream()
                .filter(arrival -> arrival.attempt() == 2)
                .findFirst()
                .orElseThrow();
        assertThat(Duration.ofNanos(second.nanos() - givenBack[0])).isGreaterThanOrEqualTo(delay);
    }

    private MemberPlan workingMember(Intervals intervals, String name) throws Exception {
        return member("mail")
                .withMaxInFlight(20)
                .answering(delivery -> intervals.around(name, delivery, delivery::ack));
    }

    private static void workLater(ExecutorService workers, Intervals intervals, String name, Delivery delivery) {
        intervals.begin(name, delivery);
        workers.execute(() -> intervals.end(delivery, delivery::ack));
    }

    private void publishUnconfirmed(List<Message> messages) {
        try {
            for (int i = 0; i < messages.size(); i += 10) {
                var unused = transport().publish(messages.subList(i, i + 10));
            }
        } catch (Exception e) {
            throw new AssertionError("Publishing failed", e);
        }
    }

    private List<Message> interleaved() {
        List<Message> messages = new ArrayList<>();
        for (int n = 1; n <= PER_KEY; n++) {
            for (int k = 0; k < KEYS; k++) {
                messages.add(message("k" + k, n));
            }
        }
        return messages;
    }

    private static Map<String, List<String>> idsByKey(List<Arrival> arrivals) {
        return Intervals.idsByKey(arrivals, Arrival::key, Arrival::id);
    }
}

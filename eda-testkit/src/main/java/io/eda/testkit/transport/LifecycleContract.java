package io.eda.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.testkit.Race;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Opened and closed in every way, it ends what it began, and leaves nothing behind. */
abstract class LifecycleContract extends TransportCases {

    LifecycleContract(EventTransportContract suite) {
        super(suite);
    }

    @Test
    void closing_is_idempotent_and_safe_in_a_race() throws Exception {
        EventTransport closing = ofItsOwn();
        Member member = join(member("mail").on(closing));
        publish(closing, messages("a", 1));
        awaitExactly(1, member);

        Race.run(IntStream.range(0, 8)
                .<Callable<Boolean>>mapToObj(i -> () -> {
                    closing.close();
                    member.close();
                    return true;
                })
                .toList());

        closing.close();
        assertThat(member.receiver().status().isReceiving()).isFalse();
    }

    @Test
    void a_closed_transport_refuses_to_receive() throws Exception {
        EventTransport closing = ofItsOwn();
        publish(closing, messages("a", 1));
        closing.close();

        assertThatThrownBy(() -> joinUnready(member("mail").on(closing)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void nothing_is_delivered_after_the_close_of_a_member() throws Exception {
        Member member = join(member("mail").withMaxInFlight(500));
        publish(messagesOfKeys(500));
        awaitArrivals(1, member);

        member.close();
        int received = member.count();
        publish(messages("later", 50));

        Member next = join(member("mail").withMaxInFlight(500));
        eventually("the rest comes to the next member", () -> next.ids().containsAll(ids(messages("later", 50))));
        assertThat(member.count()).as("deliveries to the closed member").isEqualTo(received);
        // Other keys may come after this one's.
        eventually(
                "nothing is lost between them", () -> idsOf(all(member, next)).containsAll(ids(messagesOfKeys(500))));
    }

    @Test
    void a_member_may_be_closed_by_what_it_receives() throws Exception {
        AtomicReference<Member> itself = new AtomicReference<>();
        AtomicBoolean isClosed = new AtomicBoolean();
        Member member = join(member("mail").withMaxInFlight(1).answering(delivery -> {
            Objects.requireNonNull(itself.get()).close();
            isClosed.set(true);
        }));
        itself.set(member);

        publish(messages("a", 3));

        eventually("the close from within returned", isClosed::get);
        Member second = join(member("mail"));
        awaitExactly(3, second);
        assertThat(member.count()).as("deliveries to the closed member").isEqualTo(1);
        assertThat(second.ids()).containsExactlyElementsOf(ids(messages("a", 3)));
    }

    @Test
    void a_receiver_that_throws_ends_nothing() throws Exception {
        AtomicBoolean hasThrown = new AtomicBoolean();
        Member member = join(member("mail").answering(delivery -> {
            if (delivery.message().key().equals(key("bad")) && hasThrown.compareAndSet(false, true)) {
                throw new IllegalStateException("thrown by a receiver, on purpose");
            }
            delivery.ack();
        }));

        publish(message("bad", 1));
        awaitArrivals(1, member);
        publish(messagesOfKeys(20));

        awaitArrivals(21, member);
        assertThat(member.ids()).containsAll(ids(messagesOfKeys(20)));
        assertThat(member.receiver().status().isReceiving()).isTrue();
        member.close();
        Member second = join(member("mail"));
        publish(message("last", 1));
        eventually(
                "it comes again, then or before",
                () -> idsOf(all(member, second)).stream()
                                .filter(id -> id.equals(message("bad", 1).id()))
                                .count()
                        == 2);
    }

    @Test
    void many_that_open_and_close_at_once_disturb_nobody() throws Exception {
        Member staying = join(member("mail"));

        Race.run(IntStream.range(0, 10)
                .<Callable<Boolean>>mapToObj(i -> () -> {
                    try (Member passing = new Member("passing", delivery -> false, delivery -> {})) {
                        MemberPlan plan = member("passing-" + i % 3);
                        passing.receivesBy(plan.transport().receive(plan.request(), passing));
                    }
                    return true;
                })
                .toList());

        publish(messagesOfKeys(50));
        awaitExactly(50, staying);
    }

    @Test
    void ten_connections_may_start_the_same_group_at_once() throws Exception {
        List<EventTransport> connections = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            connections.add(another());
        }
        List<Callable<Member>> starts = new ArrayList<>();
        for (EventTransport connection : connections) {
            MemberPlan plan = member("mail").on(connection);
            Member member = new Member("starter", delivery -> true, plan.behaviour());
            starts.add(() -> {
                member.receivesBy(connection.receive(plan.request(), member));
                return member;
            });
        }

        Member[] members = Race.run(starts).toArray(new Member[0]);
        for (Member member : members) {
            eventually("all receive", () -> member.receiver().status().isReceiving());
        }
        publish(messagesOfKeys(100));

        awaitExactly(100, members);
        assertThat(idsOf(all(members))).containsExactlyInAnyOrderElementsOf(ids(messagesOfKeys(100)));
    }

    @Test
    void of_twenty_members_one_after_the_other_together_all_is_received() throws Exception {
        List<Message> backlog = messagesOfKeys(400);
        join(member("mail")).close();
        publish(backlog);
        List<Member> members = new ArrayList<>();

        for (int i = 1; i <= 20; i++) {
            Member member = join(member("mail").withMaxInFlight(50));
            members.add(member);
            int enough = Math.min(i * 15, backlog.size());
            awaitArrivals(enough, members.toArray(new Member[0]));
            member.close();
        }
        members.add(join(member("mail")));

        Member[] all = members.toArray(new Member[0]);
        eventually("everything is received", () -> idsOf(all(all)).containsAll(ids(backlog)));
    }

    @Test
    void no_thread_is_left_behind() throws Exception {
        cycle(0);
        Set<Thread> before = threads();

        for (int i = 1; i <= 15; i++) {
            cycle(i);
        }

        // A pool of the machine's, that grows with the work, is nobody's leak: more than one a cycle is.
        eventually(
                "the threads of 15 closed transports are gone",
                () -> started(before).size() < 10);
    }

    private void cycle(int number) throws Exception {
        try (EventTransport transport = suite().openTransport()) {
            Member member = new Member("cycle", delivery -> true, delivery -> delivery.ack());
            MemberPlan plan = member("cycle").on(transport);
            member.receivesBy(transport.receive(plan.request(), member));
            eventually("the member receives", () -> member.receiver().status().isReceiving());
            publish(transport, List.of(message("a", number)));
            eventually("it arrived", () -> member.ids()
                    .contains(message("a", number).id()));
        }
    }

    private static Set<Thread> started(Set<Thread> before) {
        Set<Thread> now = threads();
        now.removeAll(before);
        return now;
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }
}

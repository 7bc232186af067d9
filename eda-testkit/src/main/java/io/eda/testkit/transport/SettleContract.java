package io.eda.testkit.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.testkit.Race;
import io.eda.transport.Capability;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Done with, given back, or rejected: once, by who holds it, and nothing that was not settled is lost. */
abstract class SettleContract extends TransportCases {

    SettleContract(EventTransportContract suite) {
        super(suite);
    }

    @Test
    void what_was_acknowledged_does_not_come_again() throws Exception {
        Member first = join(member("mail"));
        publish(messagesOfKeys(20));
        awaitExactly(20, first);
        first.close();

        Member second = join(member("mail"));
        publish(message("last", 1));

        awaitExactly(1, second);
        assertThat(second.ids()).containsExactly(message("last", 1).id());
    }

    @Test
    void what_was_not_settled_comes_again_when_its_member_leaves_and_counts_as_no_failure() throws Exception {
        Member first = join(member("mail").holding());
        publish(messagesOfKeys(10));
        awaitExactly(10, first);
        first.close();

        Member second = join(member("mail"));

        awaitExactly(10, second);
        assertThat(second.ids()).containsExactlyInAnyOrderElementsOf(ids(messagesOfKeys(10)));
        assertThat(second.arrivals())
                .allSatisfy(arrival -> assertThat(arrival.attempt()).isEqualTo(1));
    }

    @Test
    void a_message_is_not_acknowledged_by_being_delivered() throws Exception {
        Member holding = join(member("mail").holding());
        Member other = join(member("audit"));
        publish(message("a", 1));
        awaitExactly(1, holding);
        awaitExactly(1, other);

        holding.close();

        Member second = join(member("mail").holding());
        awaitExactly(1, second);
        second.close();
        awaitExactly(1, join(member("mail")));
    }

    @Test
    void what_was_given_back_comes_again_unchanged_as_the_next_attempt() throws Exception {
        Member member = join(member("mail").answering(delivery -> {
            if (delivery.attempt() < 4) {
                delivery.retryLater(Duration.ZERO);
            } else {
                delivery.ack();
            }
        }));
        Message published = message("a", 1);

        publish(published);

        awaitExactly(4, member);
        assertThat(member.arrivals().stream().map(Arrival::attempt)).containsExactly(1, 2, 3, 4);
        assertThat(member.arrivals()).allSatisfy(arrival -> {
            assertThat(arrival.id()).isEqualTo(published.id());
            assertThat(arrival.key()).isEqualTo(published.key());
            assertThat(arrival.message().type()).isEqualTo(published.type());
            assertThat(arrival.message().headers()).isEqualTo(published.headers());
            assertThat(new String(arrival.message().body(), UTF_8)).isEqualTo(published.id());
        });
    }

    @Test
    void of_many_that_are_given_back_three_times_each_is_delivered_four_times() throws Exception {
        Member member = join(member("mail").answering(delivery -> {
            if (delivery.attempt() <= 3) {
                delivery.retryLater(Duration.ofMillis(1));
            } else {
                delivery.ack();
            }
        }));

        publish(messagesOfKeys(50));

        awaitExactly(200, member);
        Map<String, List<Integer>> attempts = member.arrivals().stream()
                .collect(Collectors.groupingBy(Arrival::id, Collectors.mapping(Arrival::attempt, Collectors.toList())));
        assertThat(attempts).hasSize(50);
        assertThat(attempts.values()).allSatisfy(of -> assertThat(of).containsExactly(1, 2, 3, 4));
    }

    @Test
    void attempts_are_counted_over_members_and_connections() throws Exception {
        requires(Capability.COUNTS_ATTEMPTS);
        EventTransport elsewhere = another();
        Member first = join(member("mail").on(elsewhere).holding());
        publish(message("a", 1));
        awaitExactly(1, first);
        first.delivery(0).retryLater(Duration.ZERO);
        awaitExactly(2, first);
        first.delivery(1).retryLater(Duration.ofMillis(300));
        elsewhere.close();

        Member second = join(member("mail"));

        awaitExactly(1, second);
        assertThat(second.arrivals().get(0).attempt()).isEqualTo(3);
    }

    @Test
    void the_first_settlement_counts_and_the_others_do_nothing() throws Exception {
        Member member = join(member("mail").withMaxInFlight(10).holding());
        publish(message("a", 1), message("b", 1), message("c", 1));
        awaitExactly(3, member);

        for (Delivery delivery : List.of(member.delivery(0), member.delivery(1), member.delivery(2))) {
            delivery.ack();
            delivery.retryLater(Duration.ZERO);
            delivery.reject();
            delivery.ack();
        }

        awaitExactly(3, member);
        assertThat(transport().deadLetters(group("mail")).read(10)).isEmpty();
        publish(message("a", 2), message("b", 2));
        awaitExactly(5, member);
        member.delivery(3).retryLater(Duration.ZERO);
        member.delivery(3).ack();
        awaitExactly(6, member);
        assertThat(member.arrivals().get(5).attempt()).isEqualTo(2);
        assertThat(member.arrivals().get(5).id())
                .isEqualTo(member.arrivals().get(3).id());
    }

    @Test
    void settling_one_twice_does_not_settle_another() throws Exception {
        Member member = join(member("mail").withMaxInFlight(1).holding());
        publish(messages("a", 2));
        awaitExactly(1, member);
        member.delivery(0).ack();
        awaitExactly(2, member);

        member.delivery(0).ack();
        member.delivery(0).reject();
        member.close();

        Member second = join(member("mail"));
        awaitExactly(1, second);
        assertThat(second.ids()).containsExactly(message("a", 2).id());
        assertThat(transport().deadLetters(group("mail")).read(10)).isEmpty();
    }

    @Test
    void a_settlement_that_comes_after_the_close_does_not_take_the_message_from_its_new_owner() throws Exception {
        Member first = join(member("mail").holding());
        publish(messages("a", 1));
        awaitExactly(1, first);
        first.close();
        Member second = join(member("mail").holding());
        awaitExactly(1, second);

        first.delivery(0).ack();
        first.delivery(0).retryLater(Duration.ZERO);
        first.delivery(0).reject();

        awaitExactly(1, second);
        second.close();
        Member third = join(member("mail"));
        awaitExactly(1, third);
        assertThat(third.arrivals().get(0).attempt()).isEqualTo(1);
        assertThat(transport().deadLetters(group("mail")).read(10)).isEmpty();
    }

    @Test
    void finishing_out_of_order_loses_nothing_that_is_unfinished() throws Exception {
        Member first = join(member("mail").holding());
        List<Message> published = messagesOfKeys(40);
        publish(published);
        awaitExactly(40, first);
        List<String> unfinished = new ArrayList<>();
        for (int i = 39; i >= 0; i--) {
            if (i % 10 == 3) {
                unfinished.add(first.arrivals().get(i).id());
            } else {
                first.delivery(i).ack();
            }
        }
        first.close();

        // A broker that commits up to a place repeats some that were finished; it must not forget one that was not.
        Member second = join(member("mail"));
        awaitArrivals(unfinished.size(), second);
        eventually("the unfinished come again", () -> second.ids().containsAll(unfinished));
    }

    @Test
    void what_was_rejected_goes_unchanged_to_the_dead_letters_and_not_to_the_group_again() throws Exception {
        Member member = join(member("mail").answering(delivery -> {
            if (number(delivery) == 2) {
                delivery.reject();
            } else {
                delivery.ack();
            }
        }));

        publish(messages("a", 3));

        awaitExactly(3, member);
        eventually("the rejected one is kept", () -> !letters().isEmpty());
        assertThat(letters()).hasSize(1);
        Message letter = letters().get(0);
        Message rejected = message("a", 2);
        assertThat(letter.id()).isEqualTo(rejected.id());
        assertThat(letter.topic()).isEqualTo(rejected.topic());
        assertThat(letter.type()).isEqualTo(rejected.type());
        assertThat(letter.key()).isEqualTo(rejected.key());
        assertThat(letter.headers()).containsAllEntriesOf(rejected.headers());
        assertThat(letter.body()).isEqualTo(rejected.body());
        member.close();
        Member second = join(member("mail"));
        publish(message("b", 1));
        awaitExactly(1, second);
    }

    @Test
    void any_thread_may_settle() throws Exception {
        Member member = join(member("mail").holding());
        publish(messagesOfKeys(50));
        awaitExactly(50, member);

        Race.run(member.arrivals().stream()
                .<Callable<Boolean>>map(arrival -> () -> {
                    arrival.delivery().ack();
                    return true;
                })
                .toList());

        member.close();
        Member second = join(member("mail"));
        publish(message("last", 1));
        awaitExactly(1, second);
    }

    @Test
    void a_position_tells_where_each_message_is() throws Exception {
        Member member = join(member("mail").holding());

        publish(messagesOfKeys(10));

        awaitExactly(10, member);
        List<String> positions = member.arrivals().stream()
                .map(arrival -> arrival.delivery().position())
                .toList();
        assertThat(positions).doesNotHaveDuplicates().allSatisfy(position -> assertThat(position)
                .isNotBlank());
    }

    @Test
    void when_all_is_settled_nothing_is_left_behind() throws Exception {
        if (suite().depth(group("mail")).isEmpty()) {
            throw suite().switchedOff().because("the depth of a group is not told (" + faults().whyMissing() + ")");
        }
        Member member = join(member("mail").answering(delivery -> {
            int number = number(delivery);
            if (number % 3 == 0) {
                delivery.reject();
            } else if (number % 3 == 1 && delivery.attempt() == 1) {
                delivery.retryLater(Duration.ZERO);
            } else {
                delivery.ack();
            }
        }));

        publish(messagesOfKeys(30));

        awaitExactly(40, member);
        eventually("the group is empty", () -> depth() == 0);
        member.close();
        assertThat(depth()).isZero();
    }

    private long depth() {
        try {
            return suite().depth(group("mail")).orElseThrow();
        } catch (Exception e) {
            throw new AssertionError("The depth could not be asked for", e);
        }
    }

    private List<Message> letters() {
        try {
            return transport().deadLetters(group("mail")).read(10);
        } catch (Exception e) {
            throw new AssertionError("The dead letters could not be read", e);
        }
    }
}

package io.eda.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Nobody gets more than asked for, and a slow one slows nobody else. */
abstract class FlowContract extends TransportCases {

    FlowContract(EventTransportContract suite) {
        super(suite);
    }

    @Test
    void no_more_than_the_limit_is_in_flight() throws Exception {
        Member member = join(member("mail").withMaxInFlight(5).holding());

        publish(messagesOfKeys(10));

        awaitExactly(5, member);
        member.delivery(0).ack();
        member.delivery(4).ack();
        awaitExactly(7, member);
        member.delivery(1).retryLater(Duration.ofMillis(1));
        awaitExactly(8, member);
    }

    @Test
    void a_backlog_is_worked_off_within_the_limit() throws Exception {
        join(member("mail")).close();
        List<Message> backlog = messagesOfKeys(2_000);
        publish(backlog);
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try {
            Member member = join(member("mail").withMaxInFlight(50).answering(delivery -> {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                worker.execute(() -> {
                    inFlight.decrementAndGet();
                    delivery.ack();
                });
            }));

            awaitExactly(2_000, member);
            assertThat(member.ids()).containsExactlyInAnyOrderElementsOf(ids(backlog));
            assertThat(most.get()).as("the most that was in flight").isBetween(1, 50);
        } finally {
            worker.shutdownNow();
        }
    }

    @Test
    void a_long_backlog_of_one_key_is_worked_off_by_one_that_settles_at_once() throws Exception {
        join(member("mail")).close();
        List<Message> backlog = messages("a", 5_000);
        publish(backlog);

        Member member = join(member("mail"));

        awaitExactly(5_000, member);
        assertThat(member.ids()).containsExactlyElementsOf(ids(backlog));
    }

    @Test
    void one_that_is_given_back_at_once_a_thousand_times_is_still_delivered() throws Exception {
        Member member = join(member("mail").answering(delivery -> {
            if (delivery.attempt() <= 1_000) {
                delivery.retryLater(Duration.ZERO);
            } else {
                delivery.ack();
            }
        }));

        publish(message("a", 1));

        awaitExactly(1_001, member);
        assertThat(member.arrivals().get(1_000).attempt()).isEqualTo(1_001);
    }

    @Test
    void while_it_is_paused_little_comes_and_afterwards_everything() throws Exception {
        Member member = join(member("mail").withMaxInFlight(10));
        publish(message("before", 1));
        awaitExactly(1, member);

        member.receiver().pause();
        member.receiver().pause();
        publish(messagesOfKeys(200));
        watchThat("at most what was on its way comes to a paused member", () -> member.count() <= 11);
        assertThat(member.receiver().status().isReceiving())
                .as("a paused member counts as receiving")
                .isTrue();

        member.receiver().resume();
        member.receiver().resume();
        awaitExactly(201, member);
        assertThat(member.ids().subList(1, 201)).containsExactlyInAnyOrderElementsOf(ids(messagesOfKeys(200)));
    }

    @Test
    void a_member_may_settle_while_it_is_paused() throws Exception {
        Member member = join(member("mail").withMaxInFlight(10).holding());
        publish(messages("a", 1));
        awaitExactly(1, member);

        member.receiver().pause();
        member.delivery(0).ack();
        publish(message("b", 1));
        member.receiver().resume();

        awaitExactly(2, member);
        assertThat(member.ids())
                .containsExactly(message("a", 1).id(), message("b", 1).id());
    }

    @Test
    void a_slow_group_slows_no_other() throws Exception {
        Member slow = join(member("slow").withMaxInFlight(1).holding());
        Member quick = join(member("quick"));

        publish(messagesOfKeys(500));

        awaitExactly(500, quick);
        awaitExactly(1, slow);
    }

    @Test
    void a_receiver_may_publish_and_wait_for_nothing() throws Exception {
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        Member member = join(member("mail").answering(delivery -> {
            if (delivery.message().key().equals(key("question"))) {
                synchronized (answers) {
                    answers.addAll(publishUnconfirmed(message("answer", number(delivery))));
                }
            }
            delivery.ack();
        }));

        publish(messages("question", 50));

        awaitExactly(100, member);
        for (CompletableFuture<Void> answer : answers) {
            answer.get(patience().toNanos(), TimeUnit.NANOSECONDS);
        }
        assertThat(answers).hasSize(50);
    }

    @Test
    void it_tells_how_many_wait_where_it_knows() throws Exception {
        Member member = join(member("mail").withMaxInFlight(2).holding());
        publish(messagesOfKeys(10));
        awaitExactly(2, member);

        eventually(
                "the lag is 10 with those in flight, 8 without, or not known",
                () -> member.receiver().status().lag().stream().allMatch(lag -> lag == 10 || lag == 8));
        for (int i = 0; i < 10; i++) {
            int settled = i;
            awaitArrivals(settled + 1, member);
            member.delivery(settled).ack();
        }
        eventually("nothing waits any more", () -> member.receiver().status().lag().stream()
                .allMatch(lag -> lag == 0));
    }

    private void watchThat(String what, Callable<Boolean> holds) {
        Awaitility.await(what)
                .pollInterval(Duration.ofMillis(10))
                .during(suite().quiet())
                .atMost(patience().plus(suite().quiet()))
                .until(holds);
    }

    private List<CompletableFuture<Void>> publishUnconfirmed(Message message) {
        try {
            return transport().publish(List.of(message));
        } catch (Exception e) {
            throw new AssertionError("Publishing from a receiver failed", e);
        }
    }
}

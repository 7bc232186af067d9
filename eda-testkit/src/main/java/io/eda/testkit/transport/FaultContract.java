package io.eda.testkit.transport;

import static io.eda.testkit.ServerFaults.Fault.COME_BACK;
import static io.eda.testkit.ServerFaults.Fault.CUT;
import static io.eda.testkit.ServerFaults.Fault.FREEZE;
import static io.eda.testkit.ServerFaults.Fault.GO_AWAY;
import static io.eda.testkit.ServerFaults.Fault.KILL;
import static io.eda.testkit.ServerFaults.Fault.RESTART;
import static io.eda.testkit.ServerFaults.Fault.THAW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eda.transport.Capability;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The broker is restarted, killed, cut off and frozen: what was confirmed arrives, and the members come back by themselves. */
abstract class FaultContract extends TransportCases {

    private static final Duration SLACK = Duration.ofSeconds(10);

    FaultContract(EventTransportContract suite) {
        super(suite);
    }

    @Test
    void what_was_confirmed_survives_a_kill_of_the_broker() throws Exception {
        requires(KILL);
        requires(Capability.DURABLE);
        Member first = join(member("mail").on(ofItsOwn()).answering(delivery -> {
            if (delivery.message().key().equals(key("failing"))) {
                delivery.retryLater(Duration.ofMillis(100));
            }
        }));
        publish(message("failing", 1));
        awaitArrivals(2, first);
        first.close();
        publish(messagesOfKeys(200));
        transport().deadLetters(group("mail")).add(message("letter", 1)).get();

        faults().happen(KILL);

        EventTransport afterwards = ofItsOwn();
        Member second = join(member("mail").on(afterwards));
        awaitArrivals(201, second);
        assertThat(second.ids())
                .containsAll(ids(messagesOfKeys(200)))
                .contains(message("failing", 1).id());
        assertThat(ids(afterwards.deadLetters(group("mail")).read(10)))
                .containsExactly(message("letter", 1).id());
        if (transport().capabilities().contains(Capability.COUNTS_ATTEMPTS)) {
            assertThat(second.arrivals())
                    .filteredOn(arrival -> arrival.key().equals(key("failing")))
                    .allSatisfy(arrival -> assertThat(arrival.attempt()).isGreaterThan(1));
        }
    }

    @Test
    void publishers_and_members_ride_over_a_restart() throws Exception {
        requires(RESTART);
        Traffic traffic = new Traffic();
        EventTransport publisher = another();
        Member member = join(member("mail").on(another()));
        traffic.publish(publisher, 0, 200);

        faults().happen(RESTART);

        traffic.publishUntilConfirmed(publisher, 200);
        eventually("what was confirmed arrives", () -> member.ids().containsAll(traffic.confirmed()));
        assertThat(traffic.confirmed()).isNotEmpty();
    }

    @Test
    void after_its_connection_was_cut_a_member_receives_again() throws Exception {
        requires(CUT);
        Traffic traffic = new Traffic();
        EventTransport publisher = another();
        Member member = join(member("mail").on(another()));
        for (int round = 0; round < 3; round++) {
            traffic.publish(publisher, round * 200, 100);
            faults().happen(CUT);
            traffic.publishUntilConfirmed(publisher, round * 200 + 100);
        }

        eventually("what was confirmed arrives", () -> member.ids().containsAll(traffic.confirmed()));
        eventually("it is receiving", () -> member.receiver().status().isReceiving());
    }

    @Test
    void after_a_cut_what_was_acknowledged_before_stays_done_and_the_rest_comes_again() throws Exception {
        requires(CUT);
        requiresDeliveriesLostByACut();
        Member member = join(member("mail").on(another()).holding());
        publish(messages("done", 1));
        awaitExactly(1, member);
        member.delivery(0).ack();
        publish(messages("open", 1));
        awaitExactly(2, member);

        faults().happen(CUT);

        // The acknowledgement may have been lost with the connection, where it was not answered.
        eventually("the open one comes again", () -> count(member, message("open", 1)) >= 2);
        assertThat(count(member, message("done", 1))).isBetween(1L, 2L);
    }

    @Test
    void a_settlement_from_before_a_cut_settles_nothing_afterwards() throws Exception {
        requires(CUT);
        requiresDeliveriesLostByACut();
        EventTransport own = another();
        Member member = join(member("mail").on(own).withMaxInFlight(1).holding());
        publish(messages("a", 2));
        awaitExactly(1, member);
        faults().happen(CUT);
        awaitArrivals(2, member);

        member.delivery(0).ack();
        member.delivery(0).reject();

        awaitExactly(2, member);
        own.close();
        Member second = join(member("mail"));
        awaitArrivals(2, second);
        assertThat(second.ids()).containsAll(ids(messages("a", 2)));
        assertThat(transport().deadLetters(group("mail")).read(10)).isEmpty();
    }

    @Test
    void a_pause_holds_over_a_cut() throws Exception {
        requires(CUT);
        Member member = join(member("mail").on(another()).withMaxInFlight(10));
        publish(message("before", 1));
        awaitExactly(1, member);
        member.receiver().pause();

        faults().happen(CUT);
        eventually("it is receiving", () -> member.receiver().status().isReceiving());
        publishSomehow(messagesOfKeys(200));

        int few = 1 + 10;
        assertThat(member.count()).isLessThanOrEqualTo(few);
        watchCount(member, few);
        member.receiver().resume();
        eventually("all comes after resuming", () -> member.ids().containsAll(ids(messagesOfKeys(200))));
    }

    @Test
    void order_by_key_holds_over_a_cut() throws Exception {
        requires(CUT);
        requires(Capability.ORDER_OVER_MEMBERS);
        Intervals intervals = new Intervals();
        Member member = join(member("mail")
                .on(another())
                .withMaxInFlight(20)
                .answering(delivery -> intervals.around("one", delivery, delivery::ack)));
        List<Message> published = new ArrayList<>();
        for (int n = 1; n <= 60; n++) {
            published.add(message("a", n));
            published.add(message("b", n));
        }

        for (int i = 0; i < published.size(); i += 10) {
            publishSomehow(published.subList(i, i + 10));
            if (i % 40 == 0) {
                faults().happen(CUT);
            }
        }

        eventually("all arrives", () -> member.ids().containsAll(ids(published)));
        assertThat(intervals.firstIdsByKey()).isEqualTo(Intervals.idsByKey(published, Message::key, Message::id));
    }

    @Test
    void while_the_broker_is_away_publishing_fails_in_time_and_nobody_is_blocked() throws Exception {
        requires(GO_AWAY, COME_BACK);
        EventTransport own = another();
        Member member = join(member("mail").on(own));
        publish(own, messages("before", 1));
        awaitExactly(1, member);
        faults().happen(GO_AWAY);
        List<CompletableFuture<Void>> futures;
        try {
            futures = publishAtOnce(own, messages("away", 20));
            assertFailedInTime(futures);
            eventually("the member says that it does not receive", () -> {
                var status = member.receiver().status();
                return !status.isReceiving() && status.failure().isPresent();
            });
        } finally {
            faults().happen(COME_BACK);
        }

        Traffic traffic = new Traffic();
        traffic.publishUntilConfirmed(own, 100);
        eventually("what was confirmed arrives", () -> member.ids().containsAll(traffic.confirmed()));
        eventually("it is receiving", () -> member.receiver().status().isReceiving());
        assertThat(member.receiver().status().failure()).isEmpty();
    }

    @Test
    void a_transport_is_closed_in_time_while_the_broker_is_away() throws Exception {
        requires(GO_AWAY, COME_BACK);
        EventTransport own = another();
        Member member = join(member("mail").on(own).holding());
        publish(own, messages("a", 1));
        awaitExactly(1, member);
        faults().happen(GO_AWAY);
        try {
            List<CompletableFuture<Void>> futures = publishAtOnce(own, messages("away", 5));
            inTime("the close", own::close);
            assertFailedInTime(futures);
        } finally {
            faults().happen(COME_BACK);
        }

        Member second = join(member("mail").on(another()));
        eventually("the open one comes again", () -> second.ids()
                .contains(message("a", 1).id()));
    }

    @Test
    void while_the_broker_is_frozen_publishing_fails_in_time_and_nobody_is_blocked() throws Exception {
        requires(FREEZE, THAW);
        EventTransport own = another();
        Member member = join(member("mail").on(another()));
        publish(own, messages("before", 1));
        awaitExactly(1, member);
        faults().happen(FREEZE);
        try {
            assertFailedInTime(publishAtOnce(own, messages("frozen", 20)));
        } finally {
            faults().happen(THAW);
        }

        Traffic traffic = new Traffic();
        traffic.publishUntilConfirmed(own, 100);
        eventually("what was confirmed arrives", () -> member.ids().containsAll(traffic.confirmed()));
    }

    @Test
    void what_a_stranger_publishes_stops_nobody() throws Exception {
        if (!suite().publishesForeign()) {
            throw suite().switchedOff().because("no stranger can publish (" + faults().whyMissing() + ")");
        }
        Member member = join(member("mail"));
        publish(messages("a", 10));

        suite().publishForeign(topic(), type("created"), "not ours".getBytes(UTF_8));
        suite().publishForeign(topic(), type("created"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
        publish(messages("b", 10));

        eventually("all of ours arrive", () -> member.ids().containsAll(ids(messages("b", 10))));
        assertThat(member.ids()).containsAll(ids(messages("a", 10)));
        assertThat(member.receiver().status().isReceiving()).isTrue();
    }

    private void requiresDeliveriesLostByACut() {
        if (!suite().losesDeliveriesWithTheConnection()) {
            throw suite().switchedOff().because("what is unsettled outlives the loss of a connection");
        }
    }

    /** Publishes until it was confirmed, as a relay does. */
    private void publishSomehow(List<Message> messages) throws Exception {
        eventually("the batch is confirmed", () -> {
            try {
                for (CompletableFuture<Void> future : transport().publish(messages)) {
                    future.get(patience().toNanos(), TimeUnit.NANOSECONDS);
                }
                return true;
            } catch (Exception e) {
                return false;
            }
        });
    }

    private List<CompletableFuture<Void>> publishAtOnce(EventTransport transport, List<Message> messages)
            throws Exception {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        inTime("the call of publish", () -> futures.addAll(transport.publish(messages)));
        return futures;
    }

    private static void inTime(String what, Runnable action) {
        long start = System.nanoTime();
        action.run();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what).isLessThan(SLACK);
    }

    private void assertFailedInTime(List<CompletableFuture<Void>> futures) {
        long limit = System.nanoTime() + suite().publishDeadline().plus(SLACK).toNanos();
        for (CompletableFuture<Void> future : futures) {
            Throwable failure = catchThrowable(() -> future.get(limit - System.nanoTime(), TimeUnit.NANOSECONDS));
            assertThat(future).as("a publish future by its deadline").isDone();
            assertThat(failure).as("the failure of a publish future").isNotNull();
            assertThat(failure.getCause())
                    .isInstanceOfSatisfying(PublishException.class, refusal -> assertThat(refusal.isPermanent())
                            .as("whether it would be refused for ever: " + refusal)
                            .isFalse());
        }
    }

    private void watchCount(Member member, int most) {
        eventually("nothing more was on its way", () -> {
            int before = member.count();
            java.util.concurrent.locks.LockSupport.parkNanos(suite().quiet().toNanos());
            return member.count() == before && before <= most;
        });
    }

    private static long count(Member member, Message message) {
        return member.ids().stream().filter(message.id()::equals).count();
    }

    /** What was published, and which of it was confirmed. */
    private final class Traffic {
        private final List<Message> open = new ArrayList<>();
        private final List<String> confirmed = new ArrayList<>();

        List<String> confirmed() {
            return confirmed;
        }

        void publish(EventTransport transport, int from, int count) throws Exception {
            for (int n = from; n < from + count; n += 10) {
                List<Message> batch = new ArrayList<>();
                for (int i = n; i < n + 10; i++) {
                    batch.add(message("k" + i % 8, i));
                }
                settle(batch, transport.publish(batch));
            }
        }

        /** Publishes a hundred more, again and again where it must, until all are confirmed. */
        void publishUntilConfirmed(EventTransport transport, int from) throws Exception {
            publish(transport, from, 100);
            eventually("everything is confirmed in the end", () -> {
                List<Message> again = List.copyOf(open);
                open.clear();
                settle(again, transport.publish(again));
                return open.isEmpty();
            });
        }

        private void settle(List<Message> batch, List<CompletableFuture<Void>> futures) {
            for (int i = 0; i < batch.size(); i++) {
                Message message = batch.get(i);
                try {
                    futures.get(i).get(suite().publishDeadline().plus(SLACK).toNanos(), TimeUnit.NANOSECONDS);
                    confirmed.add(message.id());
                } catch (Exception e) {
                    open.add(message);
                }
            }
        }
    }
}

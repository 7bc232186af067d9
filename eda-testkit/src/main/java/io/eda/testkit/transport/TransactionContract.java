package io.eda.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is made of a message is published with its acknowledgement, or not at all. */
abstract class TransactionContract extends TransportCases {

    TransactionContract(EventTransportContract suite) {
        super(suite);
    }

    @Test
    void what_is_made_of_a_message_comes_once_in_its_order_and_the_message_not_again() throws Exception {
        EventTransport transport = transactional();
        Member reader = join(reader(transport));
        Member worker = join(worker(transport)
                .answering(delivery -> delivery.ackWith(List.of(made(delivery, "first"), made(delivery, "second")))));
        List<Message> published = messages("a", 20);

        publish(transport, published);

        awaitExactly(40, reader);
        assertThat(reader.ids())
                .containsExactlyElementsOf(published.stream()
                        .flatMap(message -> Stream.of(madeId(message, "first"), madeId(message, "second")))
                        .toList());
        worker.close();
        Member next = join(worker(transport));
        publish(transport, List.of(message("b", 1)));
        awaitExactly(1, next);
        assertThat(next.ids()).containsExactly(message("b", 1).id());
    }

    @Test
    void what_is_settled_already_makes_nothing() throws Exception {
        EventTransport transport = transactional();
        Member reader = join(reader(transport));
        join(worker(transport).answering(delivery -> {
            if (number(delivery) < 4) {
                delivery.ack();
            }
            delivery.ackWith(List.of(made(delivery, "late")));
        }));

        publish(transport, messages("a", 4));

        awaitExactly(1, reader);
        assertThat(reader.ids()).containsExactly(madeId(message("a", 4), "late"));
    }

    @Test
    void what_a_member_makes_that_has_left_is_not_published_and_its_messages_come_to_the_next() throws Exception {
        EventTransport transport = transactional();
        Member reader = join(reader(transport));
        Member leaving = join(worker(transport).holding());
        List<Message> published = messagesOfKeys(5);
        publish(transport, published);
        awaitArrivals(5, leaving);
        leaving.close();

        for (Arrival arrival : leaving.arrivals()) {
            arrival.delivery().ackWith(List.of(made(arrival.delivery(), "stale")));
        }
        join(worker(transport).answering(delivery -> delivery.ackWith(List.of(made(delivery, "fresh")))));

        awaitExactly(5, reader);
        assertThat(reader.ids())
                .containsExactlyInAnyOrderElementsOf(published.stream()
                        .map(message -> madeId(message, "fresh"))
                        .toList());
    }

    @Test
    void what_can_never_be_published_is_told_and_settles_nothing() throws Exception {
        if (suite().largestBody().isEmpty()) {
            throw suite().switchedOff().because("no largest body is declared");
        }
        byte[] tooLarge = new byte[suite().largestBody().getAsInt() + 1];
        EventTransport transport = transactional();
        Member reader = join(reader(transport));
        BlockingQueue<Throwable> refusals = new LinkedBlockingQueue<>();
        join(worker(transport).answering(delivery -> {
            List<Message> refused = new ArrayList<>(List.of(made(delivery, "small")));
            refused.add(withBody(made(delivery, "large"), tooLarge));
            refusals.add(catchThrowable(() -> delivery.ackWith(refused)));
            delivery.ackWith(List.of(made(delivery, "again")));
        }));

        publish(transport, List.of(message("a", 1)));

        assertThat(refusals.poll(patience().toMillis(), TimeUnit.MILLISECONDS))
                .isInstanceOfSatisfying(PublishException.class, refusal -> assertThat(refusal.isPermanent())
                        .isTrue());
        awaitExactly(1, reader);
        assertThat(reader.ids()).containsExactly(madeId(message("a", 1), "again"));
    }

    private MemberPlan reader(EventTransport transport) throws Exception {
        return member("reader").on(transport).wanting(type("made"));
    }

    private MemberPlan worker(EventTransport transport) throws Exception {
        return member("worker").on(transport).wanting(type("created"));
    }

    private Message made(Delivery delivery, String what) {
        Message source = delivery.message();
        return new Message(madeId(source, what), topic(), type("made"), source.key(), source.headers(), source.body());
    }

    private static String madeId(Message source, String what) {
        return source.id() + "-" + what;
    }
}

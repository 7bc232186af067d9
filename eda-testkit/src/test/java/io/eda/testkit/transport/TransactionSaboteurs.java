package io.eda.testkit.transport;

import static io.eda.testkit.transport.TransportSuite.saboteur;

import io.eda.testkit.Saboteur;
import io.eda.testkit.transport.EventTransportContract.Transactions;
import io.eda.testkit.transport.PassingTransport.PassingDelivery;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.ReceiveRequest;
import java.util.List;

/** Those who publish and acknowledge, but not in one. */
final class TransactionSaboteurs {

    private TransactionSaboteurs() {}

    static List<Saboteur> all() {
        return List.of(
                saboteur(
                        Transactions.class,
                        "acknowledges and forgets what was made",
                        "TRANSACTIONS: both or neither",
                        "what_is_made_of_a_message_comes_once_in_its_order_and_the_message_not_again",
                        broker -> making(broker, (transport, delivery, made) -> delivery.ack())),
                saboteur(
                        Transactions.class,
                        "publishes what was made and forgets to acknowledge",
                        "TRANSACTIONS: both or neither",
                        "what_is_made_of_a_message_comes_once_in_its_order_and_the_message_not_again",
                        broker -> making(broker, (transport, delivery, made) -> transport.publish(made))),
                saboteur(
                        Transactions.class,
                        "publishes what was made of a message that is settled",
                        "the first settlement counts",
                        "what_is_settled_already_makes_nothing",
                        broker -> making(broker, TransactionSaboteurs::oneAfterTheOther)),
                saboteur(
                        Transactions.class,
                        "publishes what a member made that has left",
                        "a stale settlement does nothing",
                        "what_a_member_makes_that_has_left_is_not_published_and_its_messages_come_to_the_next",
                        broker -> making(broker, TransactionSaboteurs::oneAfterTheOther)),
                saboteur(
                        Transactions.class,
                        "acknowledges what could not be published",
                        "TRANSACTIONS: both or neither",
                        "what_can_never_be_published_is_told_and_settles_nothing",
                        broker -> making(broker, (transport, delivery, made) -> {
                            try {
                                delivery.ackWith(made);
                            } catch (PublishException e) {
                                delivery.ack();
                                throw e;
                            }
                        })));
    }

    private static void oneAfterTheOther(EventTransport transport, Delivery delivery, List<Message> made) {
        transport.publish(made);
        delivery.ack();
    }

    private static EventTransport making(LocalBroker broker, Making how) {
        LocalConnection connection = broker.connect();
        return new PassingTransport(connection) {
            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                return new PassingDelivery(delivery) {
                    @Override
                    public void ackWith(List<Message> messages) {
                        how.settle(connection, delivery, messages);
                    }
                };
            }
        };
    }

    /** What becomes of a delivery and of what was made of it. */
    private interface Making {
        void settle(EventTransport transport, Delivery delivery, List<Message> made);
    }
}

package io.eda.testkit.transport;

import static io.eda.testkit.transport.TransportSuite.saboteur;

import io.eda.testkit.Saboteur;
import io.eda.testkit.transport.EventTransportContract.Ordering;
import io.eda.testkit.transport.PassingTransport.PassingDelivery;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Those who let messages of a key overtake or overlap. */
final class OrderSaboteurs {

    private OrderSaboteurs() {}

    static List<Saboteur> all() {
        return List.of(
                saboteur(
                        Ordering.class,
                        "reorders within a key after a retry",
                        "order by key",
                        "what_was_given_back_comes_before_the_later_ones_of_its_key",
                        OrderSaboteurs::requeueingAtTheEnd),
                saboteur(
                        Ordering.class,
                        "overlaps a key",
                        "of one key one member at a time",
                        "of_one_key_nothing_overlaps_between_members",
                        OrderSaboteurs::spreadingKeys),
                saboteur(
                        Ordering.class,
                        "publishes batches backwards",
                        "order by key",
                        "a_member_gets_every_key_in_its_order",
                        OrderSaboteurs::backwards),
                saboteur(
                        Ordering.class,
                        "ends delays early",
                        "not earlier than the delay",
                        "a_delay_never_ends_early",
                        broker -> SettleSaboteurs.settling(broker, delivery -> new PassingDelivery(delivery) {
                            @Override
                            public void retryLater(Duration delay) {
                                super.retryLater(delay.dividedBy(2));
                            }
                        })),
                saboteur(
                        Ordering.class,
                        "lets a failing key hold back the others",
                        "a failing key hurts no other",
                        "a_key_that_fails_holds_back_no_other",
                        OrderSaboteurs::blocking));
    }

    private static EventTransport requeueingAtTheEnd(LocalBroker broker) {
        Map<String, Integer> attempts = new ConcurrentHashMap<>();
        return new PassingTransport(broker.connect()) {
            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                String id = request.group() + delivery.message().id();
                int attempt = attempts.getOrDefault(id, 1);
                return new PassingDelivery(delivery) {
                    @Override
                    public int attempt() {
                        return attempt;
                    }

                    @Override
                    public void retryLater(Duration delay) {
                        attempts.put(id, attempt + 1);
                        var unused = deadLetters(request.group()).redeliver(message());
                        ack();
                    }
                };
            }
        };
    }

    private static EventTransport spreadingKeys(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            protected Message sent(Message m) {
                return new Message(m.id(), m.topic(), m.type(), m.key() + "\n" + m.id(), m.headers(), m.body());
            }

            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                Message m = delivery.message();
                String key = m.key().substring(0, m.key().indexOf('\n'));
                return new PassingDelivery(delivery) {
                    @Override
                    public Message message() {
                        return new Message(m.id(), m.topic(), m.type(), key, m.headers(), m.body());
                    }
                };
            }
        };
    }

    private static EventTransport backwards(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                List<Message> reversed = new ArrayList<>(messages);
                Collections.reverse(reversed);
                List<CompletableFuture<Void>> futures = new ArrayList<>(super.publish(reversed));
                Collections.reverse(futures);
                return futures;
            }
        };
    }

    private static EventTransport blocking(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
                AtomicReference<Receiver> receiver = new AtomicReference<>();
                receiver.set(super.receive(
                        request,
                        deliveries -> onDeliveries.accept(deliveries.stream()
                                .<Delivery>map(delivery -> blockingDelivery(receiver, delivery))
                                .toList())));
                return receiver.get();
            }
        };
    }

    private static Delivery blockingDelivery(AtomicReference<Receiver> receiver, Delivery delivery) {
        return new PassingDelivery(delivery) {
            @Override
            public void retryLater(Duration delay) {
                receiver.get().pause();
                CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(receiver.get()::resume);
                super.retryLater(delay);
            }
        };
    }
}

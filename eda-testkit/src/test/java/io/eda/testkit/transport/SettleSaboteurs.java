package io.eda.testkit.transport;

import static io.eda.testkit.transport.TransportSuite.saboteur;

import io.eda.testkit.Saboteur;
import io.eda.testkit.transport.EventTransportContract.Settling;
import io.eda.testkit.transport.PassingTransport.PassingDelivery;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.ReceiveRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Those who settle too early, too much, too late or not at all. */
final class SettleSaboteurs {

    private SettleSaboteurs() {}

    static List<Saboteur> all() {
        return List.of(
                saboteur(
                        Settling.class,
                        "acknowledges before the message is handled",
                        "at least once",
                        "a_message_is_not_acknowledged_by_being_delivered",
                        SettleSaboteurs::hasty),
                saboteur(
                        Settling.class,
                        "commits past an unfinished message",
                        "at least once",
                        "finishing_out_of_order_loses_nothing_that_is_unfinished",
                        SettleSaboteurs::acknowledgingUpTo),
                saboteur(
                        Settling.class,
                        "forgets acknowledgements when its member leaves",
                        "what was acknowledged is not delivered again",
                        "what_was_acknowledged_does_not_come_again",
                        SettleSaboteurs::forgettingAcks),
                saboteur(
                        Settling.class,
                        "counts the leaving of a member as a failure",
                        "a close is no failed attempt",
                        "what_was_not_settled_comes_again_when_its_member_leaves_and_counts_as_no_failure",
                        SettleSaboteurs::countingDeliveries),
                saboteur(
                        Settling.class,
                        "counts attempts per process",
                        "COUNTS_ATTEMPTS",
                        "attempts_are_counted_over_members_and_connections",
                        SettleSaboteurs::countingAlone),
                saboteur(
                        Settling.class,
                        "always says that it is the first attempt",
                        "attempts",
                        "what_was_given_back_comes_again_unchanged_as_the_next_attempt",
                        broker -> settling(broker, delivery -> new PassingDelivery(delivery) {
                            @Override
                            public int attempt() {
                                return 1;
                            }
                        })),
                saboteur(
                        Settling.class,
                        "drops what was given back",
                        "at least once",
                        "what_was_given_back_comes_again_unchanged_as_the_next_attempt",
                        broker -> settling(broker, delivery -> new PassingDelivery(delivery) {
                            @Override
                            public void retryLater(Duration delay) {
                                ack();
                            }
                        })),
                saboteur(
                        Settling.class,
                        "drops what was rejected",
                        "what was rejected is kept",
                        "what_was_rejected_goes_unchanged_to_the_dead_letters_and_not_to_the_group_again",
                        broker -> settling(broker, delivery -> new PassingDelivery(delivery) {
                            @Override
                            public void reject() {
                                ack();
                            }
                        })),
                saboteur(
                        Settling.class,
                        "delivers what was rejected again",
                        "what was rejected is done with",
                        "what_was_rejected_goes_unchanged_to_the_dead_letters_and_not_to_the_group_again",
                        SettleSaboteurs::rejectingWithoutAck),
                saboteur(
                        Settling.class,
                        "takes a second settlement for one of the next message",
                        "the first settlement counts",
                        "settling_one_twice_does_not_settle_another",
                        SettleSaboteurs::settlingByKey),
                saboteur(
                        Settling.class,
                        "takes every settlement",
                        "the first settlement counts",
                        "the_first_settlement_counts_and_the_others_do_nothing",
                        SettleSaboteurs::settlingTwice),
                saboteur(
                        Settling.class,
                        "lets a former member settle what another one holds",
                        "a stale settlement does nothing",
                        "a_settlement_that_comes_after_the_close_does_not_take_the_message_from_its_new_owner",
                        SettleSaboteurs::settlingById),
                saboteur(
                        Settling.class,
                        "says the same position for every message",
                        "a position tells where it is",
                        "a_position_tells_where_each_message_is",
                        broker -> settling(broker, delivery -> new PassingDelivery(delivery) {
                            @Override
                            public String position() {
                                return "somewhere";
                            }
                        })));
    }

    static EventTransport settling(LocalBroker broker, Function<Delivery, Delivery> change) {
        return new PassingTransport(broker.connect()) {
            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                return change.apply(delivery);
            }
        };
    }

    private static EventTransport hasty(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                delivery.ack();
                return delivery;
            }
        };
    }

    private static EventTransport acknowledgingUpTo(LocalBroker broker) {
        List<Delivery> delivered = Collections.synchronizedList(new ArrayList<>());
        return settling(broker, delivery -> {
            delivered.add(delivery);
            return new PassingDelivery(delivery) {
                @Override
                public void ack() {
                    List.copyOf(delivered.subList(0, delivered.indexOf(delivery) + 1))
                            .forEach(Delivery::ack);
                }
            };
        });
    }

    private static EventTransport forgettingAcks(LocalBroker broker) {
        return settling(broker, delivery -> new PassingDelivery(delivery) {
            @Override
            public void ack() {}
        });
    }

    private static EventTransport countingDeliveries(LocalBroker broker) {
        Map<String, AtomicInteger> delivered = new ConcurrentHashMap<>();
        return new PassingTransport(broker.connect()) {
            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                int attempt = delivered
                        .computeIfAbsent(request.group() + delivery.message().id(), id -> new AtomicInteger())
                        .incrementAndGet();
                return new PassingDelivery(delivery) {
                    @Override
                    public int attempt() {
                        return attempt;
                    }
                };
            }
        };
    }

    private static EventTransport countingAlone(LocalBroker broker) {
        Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
        return settling(broker, delivery -> {
            AtomicInteger failed = failures.computeIfAbsent(delivery.message().id(), id -> new AtomicInteger());
            int attempt = failed.get() + 1;
            return new PassingDelivery(delivery) {
                @Override
                public int attempt() {
                    return attempt;
                }

                @Override
                public void retryLater(Duration delay) {
                    failed.incrementAndGet();
                    super.retryLater(delay);
                }
            };
        });
    }

    private static EventTransport rejectingWithoutAck(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                return new PassingDelivery(delivery) {
                    @Override
                    public void reject() {
                        var unused = deadLetters(request.group()).add(message());
                        delivery.retryLater(Duration.ZERO);
                    }
                };
            }
        };
    }

    private static EventTransport settlingByKey(LocalBroker broker) {
        Map<String, Delivery> current = new ConcurrentHashMap<>();
        return settling(broker, delivery -> {
            current.put(delivery.message().key(), delivery);
            return new PassingDelivery(delivery) {
                @Override
                public void ack() {
                    current.get(message().key()).ack();
                }
            };
        });
    }

    private static EventTransport settlingTwice(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                return new PassingDelivery(delivery) {
                    @Override
                    public void ack() {
                        acknowledged.add(message().id());
                        super.ack();
                    }

                    @Override
                    public void retryLater(Duration delay) {
                        if (acknowledged.contains(message().id())) {
                            var unused = deadLetters(request.group()).redeliver(message());
                        } else {
                            super.retryLater(delay);
                        }
                    }
                };
            }
        };
    }

    private static EventTransport settlingById(LocalBroker broker) {
        Map<String, Delivery> current = new ConcurrentHashMap<>();
        return new PassingTransport(broker.connect()) {
            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                String id = request.group() + delivery.message().id();
                current.put(id, delivery);
                return new PassingDelivery(delivery) {
                    @Override
                    public void ack() {
                        current.get(id).ack();
                    }
                };
            }
        };
    }
}

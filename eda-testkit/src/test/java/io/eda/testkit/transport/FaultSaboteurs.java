package io.eda.testkit.transport;

import static io.eda.testkit.transport.TransportSuite.saboteur;

import io.eda.testkit.Saboteur;
import io.eda.testkit.transport.EventTransportContract.Failing;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Those who do not survive the faults of their broker. */
final class FaultSaboteurs {

    private FaultSaboteurs() {}

    static List<Saboteur> all() {
        return List.of(
                saboteur(
                        Failing.class,
                        "keeps what it confirmed in memory",
                        "DURABLE",
                        "what_was_confirmed_survives_a_kill_of_the_broker",
                        broker -> {
                            broker.forgetsWhenKilled();
                            return broker.connect();
                        }),
                saboteur(
                        Failing.class,
                        "does not come back after its connection was lost",
                        "a reception reconnects by itself",
                        "after_its_connection_was_cut_a_member_receives_again",
                        broker -> receiving(broker, (connection, plan) -> new OnceConnected(connection, plan))),
                saboteur(
                        Failing.class,
                        "forgets a pause when it reconnects",
                        "a pause holds over reconnections",
                        "a_pause_holds_over_a_cut",
                        broker -> receiving(broker, (connection, plan) -> new ForgettingPause(connection, plan))),
                saboteur(
                        Failing.class,
                        "says that it receives while the broker is away",
                        "the status tells the truth",
                        "while_the_broker_is_away_publishing_fails_in_time_and_nobody_is_blocked",
                        broker -> receiving(broker, (connection, plan) -> new AlwaysFine(connection, plan))),
                saboteur(
                        Failing.class,
                        "waits for ever for a broker that is frozen",
                        "every future completes by the deadline",
                        "while_the_broker_is_frozen_publishing_fails_in_time_and_nobody_is_blocked",
                        FaultSaboteurs::patient),
                saboteur(
                        Failing.class,
                        "says that what never left will never be taken",
                        "only what will never be taken is permanent",
                        "while_the_broker_is_away_publishing_fails_in_time_and_nobody_is_blocked",
                        FaultSaboteurs::resigned),
                saboteur(
                        Failing.class,
                        "is stopped by a message that is not its own",
                        "what cannot be read hurts no other",
                        "what_a_stranger_publishes_stops_nobody",
                        FaultSaboteurs::disgusted));
    }

    /** What a reception is made from. */
    record Plan(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {}

    private static EventTransport receiving(
            LocalBroker broker, BiFunction<LocalConnection, Plan, LocalReceiver> receivers) {
        return broker.attach(new LocalConnection(broker) {
            @Override
            LocalReceiver newReceiver(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
                return receivers.apply(this, new Plan(request, onDeliveries));
            }
        });
    }

    private static final class OnceConnected extends LocalReceiver {
        private final AtomicBoolean wasConnected = new AtomicBoolean();

        OnceConnected(LocalConnection connection, Plan plan) {
            super(connection, plan.request(), plan.onDeliveries());
        }

        @Override
        synchronized void connect() {
            if (!wasConnected.getAndSet(true)) {
                super.connect();
            }
        }
    }

    private static final class ForgettingPause extends LocalReceiver {
        ForgettingPause(LocalConnection connection, Plan plan) {
            super(connection, plan.request(), plan.onDeliveries());
        }

        @Override
        void disconnect() {
            resume();
            super.disconnect();
        }
    }

    private static final class AlwaysFine extends LocalReceiver {
        AlwaysFine(LocalConnection connection, Plan plan) {
            super(connection, plan.request(), plan.onDeliveries());
        }

        @Override
        public ReceiverStatus status() {
            return new ReceiverStatus(true, Optional.empty(), OptionalLong.empty());
        }
    }

    private static EventTransport patient(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                return broker.isFrozen()
                        ? messages.stream()
                                .map(m -> new CompletableFuture<Void>())
                                .toList()
                        : super.publish(messages);
            }
        };
    }

    private static EventTransport resigned(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                return broker.isAway()
                        ? messages.stream()
                                .map(m -> LocalBroker.refused(PublishException.Reason.REFUSED, m))
                                .toList()
                        : super.publish(messages);
            }
        };
    }

    private static EventTransport disgusted(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
                AtomicBoolean isStuck = new AtomicBoolean();
                return super.receive(request, deliveries -> {
                    if (deliveries.stream()
                            .anyMatch(delivery -> delivery.message().id().isEmpty())) {
                        isStuck.set(true);
                    }
                    if (!isStuck.get()) {
                        onDeliveries.accept(deliveries);
                    }
                });
            }
        };
    }
}

package io.eda.testkit.transport;

import static io.eda.testkit.transport.TransportSuite.saboteur;

import io.eda.testkit.Saboteur;
import io.eda.testkit.transport.EventTransportContract.Flowing;
import io.eda.testkit.transport.EventTransportContract.Grouping;
import io.eda.testkit.transport.EventTransportContract.Living;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.TypePattern;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Those who get groups and limits wrong, or leave something behind. */
final class GroupSaboteurs {

    private GroupSaboteurs() {}

    static List<Saboteur> all() {
        return List.of(
                saboteur(
                        Grouping.class,
                        "gives every member everything",
                        "members of a group share",
                        "members_of_one_group_share_its_messages",
                        broker -> asking(broker, r -> withGroup(r, r.group() + UUID.randomUUID()))),
                saboteur(
                        Grouping.class,
                        "lets all groups share",
                        "every group gets all",
                        "every_group_gets_everything",
                        broker -> asking(broker, r -> withGroup(r, r.group().substring(0, 17)))),
                saboteur(
                        Grouping.class,
                        "cuts the names of groups at 100 characters",
                        "a group has any name of 200 characters",
                        "a_group_may_have_any_name_of_200_characters",
                        broker -> asking(
                                broker,
                                r -> withGroup(
                                        r,
                                        r.group()
                                                .substring(
                                                        0,
                                                        Math.min(100, r.group().length()))))),
                saboteur(
                        Grouping.class,
                        "delivers every type",
                        "a group gets what it wants",
                        "a_group_gets_only_the_types_that_it_wants",
                        broker -> asking(broker, r -> withTypes(r, Set.of(TypePattern.everything())))),
                saboteur(
                        Grouping.class,
                        "takes any patterns of a member",
                        "members of a group want the same",
                        "a_member_that_wants_other_types_than_its_group_is_refused",
                        GroupSaboteurs::tolerant),
                saboteur(
                        Grouping.class,
                        "keeps nothing for a group without members",
                        "at least once, to every group",
                        "what_a_group_missed_waits_for_it",
                        GroupSaboteurs::shortOfMemory),
                saboteur(
                        Grouping.class,
                        "begins a new group at the end",
                        "REPLAY",
                        "a_new_group_gets_what_was_published_before_it_came",
                        GroupSaboteurs::withoutPast),
                saboteur(
                        Flowing.class,
                        "ignores the limit in flight",
                        "maxInFlight",
                        "no_more_than_the_limit_is_in_flight",
                        broker ->
                                asking(broker, r -> new ReceiveRequest(r.group(), r.types(), 100_000, r.isOrdered()))),
                saboteur(
                        Flowing.class,
                        "does not pause",
                        "nothing is delivered to who is paused",
                        "while_it_is_paused_little_comes_and_afterwards_everything",
                        broker -> holding(broker, receiver -> new PassingTransport.PassingReceiver(receiver) {
                            @Override
                            public void pause() {}
                        })),
                saboteur(
                        Flowing.class,
                        "does not resume",
                        "a pause ends",
                        "while_it_is_paused_little_comes_and_afterwards_everything",
                        broker -> holding(broker, receiver -> new PassingTransport.PassingReceiver(receiver) {
                            @Override
                            public void resume() {}
                        })),
                saboteur(
                        Living.class,
                        "delivers to who has closed",
                        "nothing is delivered after the close",
                        "nothing_is_delivered_after_the_close_of_a_member",
                        broker -> holding(broker, receiver -> new PassingTransport.PassingReceiver(receiver) {
                            @Override
                            public void close() {}
                        })),
                saboteur(
                        Living.class,
                        "leaves a thread behind",
                        "whatever was started ends with the close",
                        "no_thread_is_left_behind",
                        GroupSaboteurs::leaking),
                saboteur(
                        Living.class,
                        "dies of what a receiver throws",
                        "what a receiver throws ends nothing",
                        "a_receiver_that_throws_ends_nothing",
                        GroupSaboteurs::fragile));
    }

    private static ReceiveRequest withGroup(ReceiveRequest r, String group) {
        return new ReceiveRequest(group, r.types(), r.maxInFlight(), r.isOrdered());
    }

    private static ReceiveRequest withTypes(ReceiveRequest r, Set<TypePattern> types) {
        return new ReceiveRequest(r.group(), types, r.maxInFlight(), r.isOrdered());
    }

    static EventTransport asking(LocalBroker broker, UnaryOperator<ReceiveRequest> change) {
        return new PassingTransport(broker.connect()) {
            @Override
            public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
                return super.receive(change.apply(request), onDeliveries);
            }
        };
    }

    static EventTransport holding(LocalBroker broker, UnaryOperator<Receiver> change) {
        return new PassingTransport(broker.connect()) {
            @Override
            public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
                return change.apply(super.receive(request, onDeliveries));
            }
        };
    }

    private static EventTransport tolerant(LocalBroker broker) {
        Map<String, ReceiveRequest> first = new ConcurrentHashMap<>();
        return asking(
                broker,
                r -> withTypes(r, first.computeIfAbsent(r.group(), group -> r).types()));
    }

    private static EventTransport shortOfMemory(LocalBroker broker) {
        AtomicInteger members = new AtomicInteger();
        return new PassingTransport(broker.connect()) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                return members.get() > 0
                        ? super.publish(messages)
                        : messages.stream()
                                .map(m -> CompletableFuture.<Void>completedFuture(null))
                                .toList();
            }

            @Override
            public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
                Receiver receiver = super.receive(request, onDeliveries);
                members.incrementAndGet();
                AtomicBoolean isOpen = new AtomicBoolean(true);
                return new PassingReceiver(receiver) {
                    @Override
                    public void close() {
                        if (isOpen.getAndSet(false)) {
                            members.decrementAndGet();
                        }
                        super.close();
                    }
                };
            }
        };
    }

    private static EventTransport withoutPast(LocalBroker broker) {
        Set<String> published = ConcurrentHashMap.newKeySet();
        return new PassingTransport(broker.connect()) {
            @Override
            protected Message sent(Message message) {
                published.add(message.id());
                return message;
            }

            @Override
            public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
                Set<String> past = Set.copyOf(published);
                return super.receive(
                        request,
                        deliveries -> deliveries.forEach(delivery -> {
                            if (past.contains(delivery.message().id())) {
                                delivery.ack();
                            } else {
                                onDeliveries.accept(List.of(delivery));
                            }
                        }));
            }
        };
    }

    private static EventTransport leaking(LocalBroker broker) {
        CountDownLatch never = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try {
                // Long enough to be seen, and over before it disturbs another test.
                boolean unused = never.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return broker.connect();
    }

    private static EventTransport fragile(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
                AtomicBoolean isDead = new AtomicBoolean();
                return super.receive(request, deliveries -> {
                    if (!isDead.get()) {
                        isDead.set(true);
                        onDeliveries.accept(deliveries);
                        isDead.set(false);
                    }
                });
            }
        };
    }
}

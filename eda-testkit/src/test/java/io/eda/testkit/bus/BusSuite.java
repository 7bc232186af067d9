package io.eda.testkit.bus;

import io.eda.inmemory.InMemoryTransport;
import io.eda.testkit.SabotagedSuite;
import io.eda.testkit.Saboteur;
import io.eda.testkit.transport.DoingNothing;
import io.eda.testkit.transport.PassingTransport;
import io.eda.testkit.transport.PassingTransport.PassingDelivery;
import io.eda.testkit.transport.PassingTransport.PassingLetters;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The suite for the bus over what a saboteur makes of a correct transport. */
public final class BusSuite extends EventBusContract implements SabotagedSuite<UnaryOperator<EventTransport>> {

    private UnaryOperator<EventTransport> breaking = transport -> transport;

    /** Returns the saboteurs of this suite. */
    public static Stream<Saboteur> saboteurs() {
        return Stream.of(
                saboteur(
                        Handling.class,
                        "acknowledges before the event is handled",
                        "at least once",
                        "a_handler_that_does_not_end_is_interrupted_and_its_event_comes_again",
                        BusSuite::hasty),
                saboteur(
                        Handling.class,
                        "loses metadata",
                        "events come back as they were",
                        "events_come_back_as_they_were_and_each_aggregate_in_its_order",
                        BusSuite::losingMetadata),
                saboteur(
                        Poison.class,
                        "deletes a dead letter that failed to write",
                        "what cannot be handled is kept",
                        "after_the_last_attempt_it_goes_to_the_dead_letters_with_everything",
                        transport -> keeping(transport, (correct, queue) -> new PassingLetters(queue) {
                            @Override
                            public CompletableFuture<Void> add(Message letter) {
                                return CompletableFuture.completedFuture(null);
                            }
                        })),
                saboteur(
                        Poison.class,
                        "replays a dead letter to every group",
                        "a replay reaches its group alone",
                        "a_replay_reaches_its_group_alone_and_its_attempts_begin_again",
                        transport -> keeping(transport, (correct, queue) -> new PassingLetters(queue) {
                            @Override
                            public CompletableFuture<Void> redeliver(Message message) {
                                return correct.publish(List.of(message)).get(0);
                            }
                        })),
                saboteur(
                        Wire.class,
                        "writes the attributes of CloudEvents in capitals",
                        "others read what is written",
                        "a_binary_cloud_event_is_the_golden_one",
                        BusSuite::capital));
    }

    /** Returns what does nothing. */
    public static Object doingNothing() {
        UnaryOperator<EventTransport> nothing = transport -> new DoingNothing();
        return nothing;
    }

    private static Saboteur saboteur(
            Class<?> group, String name, String breaks, String catcher, UnaryOperator<EventTransport> breaking) {
        return new Saboteur(BusSuite.class, group, name, breaks, catcher, breaking);
    }

    @Override
    public void isGiven(UnaryOperator<EventTransport> given) {
        breaking = given;
    }

    @Override
    protected EventTransport openTransport() {
        return breaking.apply(InMemoryTransport.confirmingWhenAccepted());
    }

    @Override
    protected Duration patience() {
        return Duration.ofSeconds(1);
    }

    private static EventTransport hasty(EventTransport transport) {
        return new PassingTransport(transport) {
            @Override
            protected Delivery received(ReceiveRequest request, Delivery delivery) {
                delivery.ack();
                return new PassingDelivery(delivery);
            }
        };
    }

    private static EventTransport losingMetadata(EventTransport transport) {
        return changing(transport, name -> name.startsWith("eda_") ? "" : name);
    }

    private static EventTransport capital(EventTransport transport) {
        return changing(transport, name -> name.startsWith("ce_") ? "Ce_" + name.substring(3) : name);
    }

    private static EventTransport changing(EventTransport transport, UnaryOperator<String> names) {
        return new PassingTransport(transport) {
            @Override
            protected Message sent(Message m) {
                Map<String, String> headers = new HashMap<>();
                m.headers().forEach((name, value) -> headers.put(names.apply(name), value));
                headers.remove("");
                return new Message(m.id(), m.topic(), m.type(), m.key(), headers, m.body());
            }
        };
    }

    private interface Keeping {
        DeadLetterQueue of(EventTransport correct, DeadLetterQueue queue);
    }

    private static EventTransport keeping(EventTransport transport, Keeping change) {
        return new PassingTransport(transport) {
            @Override
            public DeadLetterQueue deadLetters(String group) {
                return change.of(correct(), super.deadLetters(group));
            }
        };
    }
}

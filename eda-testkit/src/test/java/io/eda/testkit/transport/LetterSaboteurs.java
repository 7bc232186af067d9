package io.eda.testkit.transport;

import static io.eda.testkit.transport.TransportSuite.saboteur;

import io.eda.testkit.Saboteur;
import io.eda.testkit.transport.EventTransportContract.DeadLetters;
import io.eda.testkit.transport.PassingTransport.PassingLetters;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Those who lose, mix up or multiply dead letters. */
final class LetterSaboteurs {

    private LetterSaboteurs() {}

    static List<Saboteur> all() {
        return List.of(
                saboteur(
                        DeadLetters.class,
                        "says that a dead letter is kept whose write failed",
                        "dead letters are kept",
                        "a_letter_is_kept_as_it_was",
                        broker -> keeping(broker, (transport, queue) -> new PassingLetters(queue) {
                            @Override
                            public CompletableFuture<Void> add(Message letter) {
                                return letter.body().length > 65_536
                                        ? CompletableFuture.completedFuture(null)
                                        : super.add(letter);
                            }
                        })),
                saboteur(
                        DeadLetters.class,
                        "keeps dead letters without their headers",
                        "dead letters are kept as they were",
                        "a_letter_is_kept_as_it_was",
                        broker -> keeping(broker, (transport, queue) -> new PassingLetters(queue) {
                            @Override
                            public CompletableFuture<Void> add(Message m) {
                                return super.add(new Message(m.id(), m.topic(), m.type(), m.key(), Map.of(), m.body()));
                            }
                        })),
                saboteur(
                        DeadLetters.class,
                        "takes dead letters away by reading them",
                        "reading leaves them where they are",
                        "reading_shows_the_oldest_and_leaves_them_where_they_are",
                        broker -> keeping(broker, (transport, queue) -> new PassingLetters(queue) {
                            @Override
                            public List<Message> read(int limit) {
                                List<Message> read = super.read(limit);
                                read.forEach(letter -> remove(letter.id()));
                                return read;
                            }
                        })),
                saboteur(
                        DeadLetters.class,
                        "says that every letter was there",
                        "removing says whether there was one",
                        "removing_forgets_one_and_says_whether_it_was_there",
                        broker -> keeping(broker, (transport, queue) -> new PassingLetters(queue) {
                            @Override
                            public boolean remove(String id) {
                                boolean unused = super.remove(id);
                                return true;
                            }
                        })),
                saboteur(
                        DeadLetters.class,
                        "has one queue of dead letters for all groups",
                        "dead letters belong to their group",
                        "letters_of_one_group_are_not_those_of_another",
                        broker -> keepingTogether(broker)),
                saboteur(
                        DeadLetters.class,
                        "replays a dead letter to every group",
                        "a replay reaches its group alone",
                        "redelivering_reaches_this_group_alone_as_a_first_attempt",
                        broker -> keeping(broker, (transport, queue) -> new PassingLetters(queue) {
                            @Override
                            public CompletableFuture<Void> redeliver(Message message) {
                                return transport.publish(List.of(message)).get(0);
                            }
                        })));
    }

    private static EventTransport keeping(
            LocalBroker broker, BiFunction<EventTransport, DeadLetterQueue, DeadLetterQueue> change) {
        return new PassingTransport(broker.connect()) {
            @Override
            public DeadLetterQueue deadLetters(String group) {
                return change.apply(correct(), super.deadLetters(group));
            }
        };
    }

    private static EventTransport keepingTogether(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public DeadLetterQueue deadLetters(String group) {
                return super.deadLetters("all");
            }
        };
    }
}

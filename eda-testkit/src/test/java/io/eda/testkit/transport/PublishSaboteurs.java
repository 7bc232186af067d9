package io.eda.testkit.transport;

import static io.eda.testkit.transport.TransportSuite.saboteur;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.testkit.Saboteur;
import io.eda.testkit.transport.EventTransportContract.Publishing;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Those who lie about what they publish, or change it. */
final class PublishSaboteurs {

    private PublishSaboteurs() {}

    static List<Saboteur> all() {
        return List.of(
                saboteur(
                        Publishing.class,
                        "drops the key",
                        "order by key",
                        "what_was_published_is_what_arrives",
                        broker -> changing(
                                broker, m -> new Message(m.id(), m.topic(), m.type(), "", m.headers(), m.body()))),
                saboteur(
                        Publishing.class,
                        "loses empty headers",
                        "byte for byte",
                        "headers_of_any_script_arrive_as_they_were",
                        broker -> changing(broker, PublishSaboteurs::withoutEmptyHeaders)),
                saboteur(
                        Publishing.class,
                        "writes headers as Latin-1",
                        "byte for byte",
                        "headers_of_any_script_arrive_as_they_were",
                        broker -> changing(broker, PublishSaboteurs::latin)),
                saboteur(
                        Publishing.class,
                        "decodes bodies as text",
                        "byte for byte",
                        "bodies_of_every_size_arrive_byte_for_byte",
                        broker -> changing(broker, m -> withBody(m, new String(m.body(), UTF_8).getBytes(UTF_8)))),
                saboteur(
                        Publishing.class,
                        "cuts bodies at 64 KiB less one",
                        "byte for byte",
                        "bodies_of_every_size_arrive_byte_for_byte",
                        broker -> changing(
                                broker, m -> withBody(m, Arrays.copyOf(m.body(), Math.min(m.body().length, 65_535))))),
                saboteur(
                        Publishing.class,
                        "swallows a publish failure",
                        "confirmed: only what the broker answers for",
                        "a_body_over_the_limit_is_refused_for_ever_and_harms_no_other",
                        PublishSaboteurs::swallowing),
                saboteur(
                        Publishing.class,
                        "reports success for an unroutable message",
                        "REPORTS_UNROUTABLE",
                        "a_message_that_no_group_wants_is_never_reported_published",
                        PublishSaboteurs::blindToReturns),
                saboteur(
                        Publishing.class,
                        "fails a whole batch for one message",
                        "each future tells of its own message alone",
                        "a_body_over_the_limit_is_refused_for_ever_and_harms_no_other",
                        PublishSaboteurs::failingTogether),
                saboteur(
                        Publishing.class,
                        "half-writes a batch and confirms it whole",
                        "confirmed: only what the broker answers for",
                        "what_was_published_is_what_arrives",
                        PublishSaboteurs::halfWriting),
                saboteur(
                        Publishing.class,
                        "delivers one message twice in a thousand",
                        "once, while nothing fails",
                        "of_fifty_publishers_every_future_completes_once_and_every_message_arrives_once",
                        PublishSaboteurs::stuttering),
                saboteur(
                        Publishing.class,
                        "keeps the caller's array",
                        "the array is the caller's again when publish returns",
                        "what_the_caller_changes_after_publishing_has_no_effect",
                        PublishSaboteurs::lazy),
                saboteur(
                        Publishing.class,
                        "never answers after its close",
                        "every future completes",
                        "after_close_every_publish_is_refused",
                        PublishSaboteurs::silentWhenClosed),
                saboteur(
                        Publishing.class,
                        "drops what is on its way when it closes",
                        "every future completes",
                        "while_it_closes_every_future_completes_and_what_was_confirmed_is_there",
                        PublishSaboteurs::forgetfulWhenClosed));
    }

    interface Change {
        Message of(Message message);
    }

    static EventTransport changing(LocalBroker broker, Change change) {
        return new PassingTransport(broker.connect()) {
            @Override
            protected Message sent(Message message) {
                return change.of(message);
            }
        };
    }

    private static Message withBody(Message m, byte[] body) {
        return new Message(m.id(), m.topic(), m.type(), m.key(), m.headers(), body);
    }

    private static Message withHeaders(Message m, Map<String, String> headers) {
        return new Message(m.id(), m.topic(), m.type(), m.key(), headers, m.body());
    }

    private static Message withoutEmptyHeaders(Message m) {
        Map<String, String> headers = new HashMap<>(m.headers());
        headers.values().removeIf(String::isEmpty);
        return withHeaders(m, headers);
    }

    private static Message latin(Message m) {
        Map<String, String> headers = new HashMap<>();
        m.headers().forEach((name, value) -> headers.put(name, new String(value.getBytes(ISO_8859_1), ISO_8859_1)));
        return withHeaders(m, headers);
    }

    private static EventTransport swallowing(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                return super.publish(messages).stream()
                        .map(future -> future.<Void>handle((done, failure) -> null))
                        .toList();
            }
        };
    }

    private static EventTransport blindToReturns(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                return super.publish(messages).stream()
                        .map(future -> future.<Void>handle((done, failure) -> {
                            if (failure instanceof PublishException refusal
                                    && refusal.reason() != PublishException.Reason.UNROUTABLE) {
                                throw refusal;
                            }
                            return null;
                        }))
                        .toList();
            }
        };
    }

    private static EventTransport failingTogether(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                List<CompletableFuture<Void>> futures = super.publish(messages);
                CompletableFuture<Void> all = CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]));
                return futures.stream().map(future -> all.copy()).toList();
            }
        };
    }

    private static EventTransport halfWriting(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                List<CompletableFuture<Void>> futures =
                        new ArrayList<>(super.publish(messages.subList(0, (messages.size() + 1) / 2)));
                while (futures.size() < messages.size()) {
                    futures.add(CompletableFuture.completedFuture(null));
                }
                return futures;
            }
        };
    }

    private static EventTransport stuttering(LocalBroker broker) {
        AtomicInteger published = new AtomicInteger();
        return new PassingTransport(broker.connect()) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                for (Message message : messages) {
                    if (published.incrementAndGet() % 1_000 == 0) {
                        var unused = super.publish(List.of(message));
                    }
                }
                return super.publish(messages);
            }
        };
    }

    private static EventTransport lazy(LocalBroker broker) {
        EventTransport correct = broker.connect();
        return new PassingTransport(correct) {
            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                return messages.stream().map(message -> later(correct, message)).toList();
            }
        };
    }

    private static CompletableFuture<Void> later(EventTransport correct, Message message) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(() -> {
            CompletableFuture<Void> published =
                    correct.publish(List.of(message)).get(0);
            var unused = published.thenRun(() -> answer.complete(null));
        });
        return answer;
    }

    private static EventTransport silentWhenClosed(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            private volatile boolean isClosed;

            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                return isClosed
                        ? messages.stream()
                                .map(m -> new CompletableFuture<Void>())
                                .toList()
                        : super.publish(messages);
            }

            @Override
            public void close() {
                isClosed = true;
                super.close();
            }
        };
    }

    private static EventTransport forgetfulWhenClosed(LocalBroker broker) {
        return new PassingTransport(broker.connect()) {
            private volatile boolean isClosed;

            @Override
            public List<CompletableFuture<Void>> publish(List<Message> messages) {
                // Confirmed before it is written, and what is not written yet is dropped by the close.
                if (isClosed) {
                    return messages.stream()
                            .map(m -> CompletableFuture.<Void>completedFuture(null))
                            .toList();
                }
                return super.publish(messages);
            }

            @Override
            public void close() {
                isClosed = true;
                super.close();
            }
        };
    }
}

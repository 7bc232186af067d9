package io.eda.broker.rabbitmq;

import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.TypePattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Keeps whatever arrives, every time it arrives, and does with it what the test says. */
final class Inbox implements Consumer<List<Delivery>> {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final Consumer<Delivery> reaction;

    private Inbox(Consumer<Delivery> reaction) {
        this.reaction = reaction;
    }

    /** Waits for a condition, which is looked at often: what comes within a millisecond costs no more. */
    static ConditionFactory patiently() {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5));
    }

    static Inbox acking() {
        return new Inbox(Delivery::ack);
    }

    static Inbox holding() {
        return new Inbox(delivery -> {});
    }

    static Inbox reacting(Consumer<Delivery> reaction) {
        return new Inbox(reaction);
    }

    @Override
    public void accept(List<Delivery> some) {
        for (Delivery delivery : some) {
            deliveries.add(delivery);
            reaction.accept(delivery);
        }
    }

    Receiver joins(EventTransport transport, String group) {
        return joins(transport, request(group, 100));
    }

    Receiver joins(EventTransport transport, ReceiveRequest request) {
        Receiver receiver = transport.receive(request, this);
        patiently().until(() -> receiver.status().isReceiving());
        return receiver;
    }

    static ReceiveRequest request(String group, int maxInFlight) {
        return new ReceiveRequest(group, Set.of(new TypePattern("order.#")), maxInFlight, true);
    }

    List<Delivery> all() {
        return List.copyOf(deliveries);
    }

    List<String> ids() {
        return deliveries.stream().map(delivery -> delivery.message().id()).toList();
    }

    void awaitCount(int count) {
        patiently().until(() -> deliveries.size() >= count);
    }

    void awaitIds(List<String> ids) {
        patiently().until(() -> ids().containsAll(ids));
    }

    static Message message(String key, int number) {
        return message(key, number, ("body " + number).getBytes(StandardCharsets.UTF_8));
    }

    static Message message(String key, int number, byte[] body) {
        return new Message(key + "-" + number, "order", "order.created", key, Map.of("ce_subject", key), body);
    }

    static List<Message> messages(String key, int count) {
        return IntStream.range(0, count).mapToObj(n -> message(key, n)).toList();
    }

    static List<String> ids(List<Message> messages) {
        return messages.stream().map(Message::id).toList();
    }

    static void publish(EventTransport transport, List<Message> messages) throws Exception {
        for (CompletableFuture<Void> future : transport.publish(messages)) {
            future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    static void publish(EventTransport transport, Message message) throws Exception {
        publish(transport, List.of(message));
    }

    /** Publishes again, with the same ids, what failed, until all is confirmed. */
    static void publishStubbornly(EventTransport transport, List<Message> messages) throws Exception {
        List<Message> open = messages;
        while (!open.isEmpty()) {
            List<CompletableFuture<Void>> futures = transport.publish(open);
            List<Message> failed = new ArrayList<>();
            for (int i = 0; i < futures.size(); i++) {
                try {
                    futures.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                } catch (java.util.concurrent.ExecutionException e) {
                    failed.add(open.get(i));
                }
            }
            open = failed;
        }
    }
}

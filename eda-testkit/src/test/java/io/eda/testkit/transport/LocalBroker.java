package io.eda.testkit.transport;

import io.eda.inmemory.InMemoryTransport;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.TypePattern;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A broker in this process with connections to it that can be lost, so that every case of the suite runs without a server. */
class LocalBroker {

    /** The largest body that it takes, in bytes. */
    static final int LARGEST_BODY = 1 << 20;

    private final List<LocalConnection> connections = new CopyOnWriteArrayList<>();
    private final Map<String, Set<TypePattern>> groups = new ConcurrentHashMap<>();
    private final List<Message> history = new CopyOnWriteArrayList<>();
    private volatile InMemoryTransport queues = InMemoryTransport.confirmingWhenAccepted();
    private volatile boolean isAway;
    private volatile boolean isFrozen;
    private volatile boolean isForgetful;

    LocalConnection connect() {
        return attach(new LocalConnection(this));
    }

    <C extends LocalConnection> C attach(C connection) {
        connections.add(connection);
        return connection;
    }

    void forget(LocalConnection connection) {
        connections.remove(connection);
    }

    InMemoryTransport queues() {
        return queues;
    }

    boolean isAway() {
        return isAway;
    }

    boolean isFrozen() {
        return isFrozen;
    }

    Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> consumer) {
        Receiver receiver = queues.receive(
                request,
                deliveries -> consumer.accept(
                        deliveries.stream().<Delivery>map(CheckedDelivery::new).toList()));
        if (groups.put(request.group(), request.types()) == null) {
            for (Message message : history) {
                if (request.wants(message.type())) {
                    var unused = queues.deadLetters(request.group()).redeliver(message);
                }
            }
        }
        return receiver;
    }

    /** Refuses what is made of it where that is too large. */
    private static final class CheckedDelivery extends PassingTransport.PassingDelivery {

        private CheckedDelivery(Delivery delivery) {
            super(delivery);
        }

        @Override
        public void ackWith(List<Message> messages) {
            for (Message message : messages) {
                if (isTooLarge(message)) {
                    throw refusal(PublishException.Reason.TOO_LARGE, message);
                }
            }
            super.ackWith(messages);
        }
    }

    private static boolean isTooLarge(Message message) {
        return message.body().length > LARGEST_BODY;
    }

    /** Takes one message, as a broker that checks it. */
    CompletableFuture<Void> take(Message message) {
        if (isTooLarge(message)) {
            return refused(PublishException.Reason.TOO_LARGE, message);
        }
        boolean isWanted =
                groups.values().stream().flatMap(Set::stream).anyMatch(pattern -> pattern.matches(message.type()));
        if (!isWanted) {
            return refused(PublishException.Reason.UNROUTABLE, message);
        }
        history.add(withBodyOfItsOwn(message));
        return queues.publish(List.of(message)).get(0);
    }

    static CompletableFuture<Void> refused(PublishException.Reason reason, Message message) {
        return CompletableFuture.failedFuture(refusal(reason, message));
    }

    private static PublishException refusal(PublishException.Reason reason, Message message) {
        return new PublishException(reason, "The message " + message + " was not published: " + reason);
    }

    private static Message withBodyOfItsOwn(Message m) {
        return new Message(
                m.id(), m.topic(), m.type(), m.key(), m.headers(), m.body().clone());
    }

    void cut() {
        connections.forEach(LocalConnection::disconnect);
        connections.forEach(LocalConnection::reconnect);
    }

    void goAway() {
        isAway = true;
        connections.forEach(LocalConnection::disconnect);
    }

    void comeBack() {
        isAway = false;
        connections.forEach(LocalConnection::reconnect);
    }

    void restart() {
        goAway();
        comeBack();
    }

    void freeze() {
        isFrozen = true;
    }

    void thaw() {
        isFrozen = false;
    }

    /** Makes a kill lose everything, as with a broker that keeps it in its memory. */
    void forgetsWhenKilled() {
        isForgetful = true;
    }

    void kill() {
        goAway();
        if (isForgetful) {
            queues = InMemoryTransport.confirmingWhenAccepted();
            history.clear();
        }
        comeBack();
    }

    /** Tells how many messages a group holds, by being its member for a moment. */
    long depth(String group) {
        Set<TypePattern> types = groups.get(group);
        if (types == null) {
            return 0;
        }
        try (Receiver moment = queues.receive(new ReceiveRequest(group, types, 1, true), deliveries -> {})) {
            return moment.status().lag().orElseThrow();
        }
    }
}

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
        Receiver receiver = queues.receive(request, consumer);
        groups.put(request.group(), request.types());
        return receiver;
    }

    /** Takes one message, as a broker that checks it. */
    CompletableFuture<Void> take(Message message) {
        if (message.body().length > LARGEST_BODY) {
            return refused(PublishException.Reason.TOO_LARGE, message);
        }
        boolean isWanted =
                groups.values().stream().flatMap(Set::stream).anyMatch(pattern -> pattern.matches(message.type()));
        return isWanted
                ? queues.publish(List.of(message)).get(0)
                : refused(PublishException.Reason.UNROUTABLE, message);
    }

    static CompletableFuture<Void> refused(PublishException.Reason reason, Message message) {
        return CompletableFuture.failedFuture(
                new PublishException(reason, "The message " + message + " was not published: " + reason));
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

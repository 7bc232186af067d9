package io.eda.testkit.transport;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A correct connection to a {@link LocalBroker}: what a saboteur breaks at one place. */
class LocalConnection implements EventTransport {

    /** By when publishing fails while the broker is frozen. */
    static final long DEADLINE_MILLIS = 300;

    private final LocalBroker broker;
    private final Set<LocalReceiver> receivers = ConcurrentHashMap.newKeySet();
    private final Queue<CompletableFuture<Void>> unanswered = new ConcurrentLinkedQueue<>();
    private volatile boolean isClosed;

    LocalConnection(LocalBroker broker) {
        this.broker = broker;
    }

    LocalBroker broker() {
        return broker;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(
                Capability.DURABLE,
                Capability.ORDER_OVER_MEMBERS,
                Capability.REPORTS_UNROUTABLE,
                Capability.COUNTS_ATTEMPTS,
                Capability.REPLAY,
                Capability.TRANSACTIONS);
    }

    @Override
    public synchronized List<CompletableFuture<Void>> publish(List<Message> messages) {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (Message message : messages) {
            futures.add(publishOne(message));
        }
        return futures;
    }

    private CompletableFuture<Void> publishOne(Message message) {
        if (isClosed) {
            return CompletableFuture.failedFuture(new PublishException(
                    PublishException.Reason.NOT_ACCEPTED,
                    "The message " + message + " came after the transport was closed"));
        }
        if (broker.isAway()) {
            return LocalBroker.refused(PublishException.Reason.UNAVAILABLE, message);
        }
        return broker.isFrozen() ? unanswered(message) : broker.take(message);
    }

    private CompletableFuture<Void> unanswered(Message message) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        unanswered.add(future);
        CompletableFuture.delayedExecutor(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> giveUp(future, message));
        return future;
    }

    private void giveUp(CompletableFuture<Void> future, Object what) {
        future.completeExceptionally(
                new PublishException(PublishException.Reason.UNKNOWN, "There was no answer for " + what));
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        if (isClosed) {
            throw new IllegalStateException("The transport is closed");
        }
        LocalReceiver receiver = newReceiver(request, onDeliveries);
        if (!broker.isAway()) {
            receiver.connect();
        }
        receivers.add(receiver);
        return receiver;
    }

    LocalReceiver newReceiver(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        return new LocalReceiver(this, request, onDeliveries);
    }

    void forget(LocalReceiver receiver) {
        receivers.remove(receiver);
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        return broker.queues().deadLetters(group);
    }

    void disconnect() {
        receivers.forEach(LocalReceiver::disconnect);
    }

    void reconnect() {
        receivers.forEach(LocalReceiver::connect);
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        broker.forget(this);
        receivers.forEach(LocalReceiver::close);
        unanswered.forEach(future -> giveUp(future, "what was open when the transport was closed"));
    }
}

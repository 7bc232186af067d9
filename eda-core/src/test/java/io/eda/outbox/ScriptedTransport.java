package io.eda.outbox;

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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Confirms when the test says so. */
final class ScriptedTransport implements EventTransport {

    final List<Published> published = new CopyOnWriteArrayList<>();
    volatile boolean confirmsAtOnce;

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (Message message : messages) {
            CompletableFuture<Void> future = new CompletableFuture<>();
            published.add(new Published(message, future));
            futures.add(future);
            if (confirmsAtOnce) {
                future.complete(null);
            }
        }
        return futures;
    }

    void confirm(int... indexes) {
        for (int index : indexes) {
            published.get(index).future.complete(null);
        }
    }

    void confirmAll() {
        published.forEach(one -> one.future.complete(null));
    }

    void fail(int index) {
        published.get(index).future.completeExceptionally(new IllegalStateException("the broker said no"));
    }

    void refuse(int index) {
        published
                .get(index)
                .future
                .completeExceptionally(new PublishException(
                        PublishException.Reason.TOO_LARGE, "The message is too large for this broker"));
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        throw new IllegalStateException("this transport only sends");
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        throw new IllegalStateException("this transport only sends");
    }

    @Override
    public void close() {
        published.forEach(one -> one.future.completeExceptionally(new IllegalStateException("closed")));
    }

    /** What was published, and its answer. */
    record Published(Message message, CompletableFuture<Void> future) {}
}

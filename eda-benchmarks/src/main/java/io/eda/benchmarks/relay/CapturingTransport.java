package io.eda.benchmarks.relay;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Keeps what is published, so that a raw client can publish the very same. For one thread. */
final class CapturingTransport implements EventTransport {

    private final List<Message> messages = new ArrayList<>();

    List<Message> messages() {
        return List.copyOf(messages);
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> published) {
        messages.addAll(published);
        return published.stream()
                .map(message -> CompletableFuture.<Void>completedFuture(null))
                .toList();
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        throw new UnsupportedOperationException("This transport keeps what is published, and delivers nothing");
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        throw new UnsupportedOperationException("This transport keeps what is published, and has no dead letters");
    }

    @Override
    public void close() {
        // What was captured stays.
    }
}

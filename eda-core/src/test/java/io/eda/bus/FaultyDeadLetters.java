package io.eda.bus;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A transport whose dead letters refuse to take more, for as long as they are told to. */
final class FaultyDeadLetters implements EventTransport {

    private final EventTransport transport;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean isRefusing;

    FaultyDeadLetters(EventTransport transport) {
        this.transport = transport;
    }

    void refuse(boolean from) {
        isRefusing = from;
    }

    int refused() {
        return refused.get();
    }

    @Override
    public Set<Capability> capabilities() {
        return transport.capabilities();
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        return transport.publish(messages);
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        return transport.receive(request, onDeliveries);
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        DeadLetterQueue queue = transport.deadLetters(group);
        return new DeadLetterQueue() {
            @Override
            public CompletableFuture<Void> add(Message letter) {
                if (!isRefusing) {
                    return queue.add(letter);
                }
                // In turn: failed at once, failed later, thrown.
                IllegalStateException full = new IllegalStateException("full");
                return switch (refused.getAndIncrement() % 3) {
                    case 0 -> CompletableFuture.failedFuture(full);
                    case 1 ->
                        CompletableFuture.runAsync(() -> {
                            throw full;
                        });
                    default -> throw full;
                };
            }

            @Override
            public List<Message> read(int limit) {
                return queue.read(limit);
            }

            @Override
            public boolean remove(String id) {
                return queue.remove(id);
            }

            @Override
            public CompletableFuture<Void> redeliver(Message message) {
                return queue.redeliver(message);
            }
        };
    }

    @Override
    public void close() {
        transport.close();
    }
}

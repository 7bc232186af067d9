package io.eda.testkit.bus;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A transport whose dead letters cannot be written while they are down. */
final class FailingLetters implements EventTransport {

    private final EventTransport transport;
    private final BooleanSupplier isDown;
    private final AtomicInteger failures = new AtomicInteger();

    FailingLetters(EventTransport transport, BooleanSupplier isDown) {
        this.transport = transport;
        this.isDown = isDown;
    }

    int failures() {
        return failures.get();
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
        DeadLetterQueue letters = transport.deadLetters(group);
        return new DeadLetterQueue() {
            @Override
            public CompletableFuture<Void> add(Message letter) {
                if (isDown.getAsBoolean()) {
                    failures.incrementAndGet();
                    return CompletableFuture.failedFuture(new PublishException(
                            PublishException.Reason.UNAVAILABLE, "Dead letters are down, on purpose"));
                }
                return letters.add(letter);
            }

            @Override
            public List<Message> read(int limit) {
                return letters.read(limit);
            }

            @Override
            public boolean remove(String id) {
                return letters.remove(id);
            }

            @Override
            public CompletableFuture<Void> redeliver(Message message) {
                return letters.redeliver(message);
            }
        };
    }

    @Override
    public void close() {
        transport.close();
    }
}

package io.eda.samples.orders;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A transport that keeps its contract and nothing more: every message comes twice, and many a delivery is given back. */
final class MisbehavingTransport implements EventTransport {

    private final EventTransport transport;
    private final Random random;

    MisbehavingTransport(EventTransport transport, long seed) {
        this.transport = transport;
        this.random = new Random(seed);
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        List<CompletableFuture<Void>> once = transport.publish(messages);
        List<CompletableFuture<Void>> twice = transport.publish(messages);
        List<CompletableFuture<Void>> both = new ArrayList<>();
        for (int i = 0; i < once.size(); i++) {
            both.add(CompletableFuture.allOf(once.get(i), twice.get(i)));
        }
        return both;
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        return transport.receive(
                request,
                deliveries -> deliveries.forEach(delivery -> {
                    if (isUnlucky()) {
                        delivery.retryLater(Duration.ZERO);
                    } else {
                        onDeliveries.accept(List.of(delivery));
                    }
                }));
    }

    @Override
    public Set<Capability> capabilities() {
        return transport.capabilities();
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        return transport.deadLetters(group);
    }

    private boolean isUnlucky() {
        synchronized (random) {
            return random.nextBoolean();
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}

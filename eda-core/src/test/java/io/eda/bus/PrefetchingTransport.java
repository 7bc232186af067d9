package io.eda.bus;

import io.eda.inmemory.InMemoryTransport;
import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Delivers what is published to its one member at once, batch by batch and many of a key at a time, as brokers with a prefetch do; keeps
 * the order in which it is settled.
 */
final class PrefetchingTransport implements EventTransport {

    private final InMemoryTransport letters = InMemoryTransport.confirmingWhenAccepted();
    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger settledTwice = new AtomicInteger();
    private Consumer<List<Delivery>> member = deliveries -> {};

    List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    int settledTwice() {
        return settledTwice.get();
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public synchronized List<CompletableFuture<Void>> publish(List<Message> messages) {
        List<Delivery> batch = new ArrayList<>();
        messages.forEach(message -> batch.add(new Prefetched(message)));
        member.accept(batch);
        return messages.stream()
                .map(message -> CompletableFuture.<Void>completedFuture(null))
                .toList();
    }

    @Override
    public synchronized Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        member = onDeliveries;
        return new Receiver() {
            @Override
            public void pause() {}

            @Override
            public void resume() {}

            @Override
            public ReceiverStatus status() {
                return new ReceiverStatus(true, Optional.empty(), OptionalLong.empty());
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        return letters.deadLetters(group);
    }

    @Override
    public void close() {
        letters.close();
    }

    private final class Prefetched implements Delivery {

        private final Message message;
        private final AtomicInteger settlements = new AtomicInteger();

        private Prefetched(Message message) {
            this.message = message;
        }

        @Override
        public Message message() {
            return message;
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public String position() {
            return "prefetched";
        }

        @Override
        public void ack() {
            if (settlements.incrementAndGet() > 1) {
                settledTwice.incrementAndGet();
            }
            acknowledged.add(message.id());
        }

        @Override
        public void retryLater(Duration delay) {
            ack();
        }

        @Override
        public void reject() {
            ack();
        }
    }
}

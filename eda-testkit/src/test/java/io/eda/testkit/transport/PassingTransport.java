package io.eda.testkit.transport;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Hands everything on to a correct transport; a saboteur changes one thing. */
public class PassingTransport implements EventTransport {

    private final EventTransport correct;

    /** Hands everything on to {@code correct}. */
    public PassingTransport(EventTransport correct) {
        this.correct = correct;
    }

    /** Returns the correct one. */
    protected EventTransport correct() {
        return correct;
    }

    @Override
    public Set<Capability> capabilities() {
        return correct.capabilities();
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        return correct.publish(messages.stream().map(this::sent).toList());
    }

    /** Changes a message on its way out. */
    protected Message sent(Message message) {
        return message;
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        return correct.receive(
                request,
                deliveries -> onDeliveries.accept(deliveries.stream()
                        .map(delivery -> received(request, delivery))
                        .toList()));
    }

    /** Changes a delivery on its way in. */
    protected Delivery received(ReceiveRequest request, Delivery delivery) {
        return delivery;
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        return correct.deadLetters(group);
    }

    @Override
    public void close() {
        correct.close();
    }

    /** A delivery that is what another one is. */
    public static class PassingDelivery implements Delivery {

        private final Delivery correct;

        /** Hands everything on to {@code correct}. */
        public PassingDelivery(Delivery correct) {
            this.correct = correct;
        }

        @Override
        public Message message() {
            return correct.message();
        }

        @Override
        public int attempt() {
            return correct.attempt();
        }

        @Override
        public String position() {
            return correct.position();
        }

        @Override
        public void ack() {
            correct.ack();
        }

        @Override
        public void ackWith(List<Message> messages) {
            correct.ackWith(messages);
        }

        @Override
        public void retryLater(Duration delay) {
            correct.retryLater(delay);
        }

        @Override
        public void reject() {
            correct.reject();
        }
    }

    /** A receiver that is what another one is. */
    public static class PassingReceiver implements Receiver {

        private final Receiver correct;

        /** Hands everything on to {@code correct}. */
        public PassingReceiver(Receiver correct) {
            this.correct = correct;
        }

        @Override
        public void pause() {
            correct.pause();
        }

        @Override
        public void resume() {
            correct.resume();
        }

        @Override
        public ReceiverStatus status() {
            return correct.status();
        }

        @Override
        public void close() {
            correct.close();
        }
    }

    /** A queue that is what another one is. */
    public static class PassingLetters implements DeadLetterQueue {

        private final DeadLetterQueue correct;

        /** Hands everything on to {@code correct}. */
        public PassingLetters(DeadLetterQueue correct) {
            this.correct = correct;
        }

        @Override
        public CompletableFuture<Void> add(Message letter) {
            return correct.add(letter);
        }

        @Override
        public List<Message> read(int limit) {
            return correct.read(limit);
        }

        @Override
        public boolean remove(String id) {
            return correct.remove(id);
        }

        @Override
        public CompletableFuture<Void> redeliver(Message message) {
            return correct.redeliver(message);
        }
    }
}

package io.eda.testkit.transport;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Promises everything, says yes to everything, and does nothing. */
public final class DoingNothing implements EventTransport, Receiver, DeadLetterQueue {

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        return messages.stream().map(this::add).toList();
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        return this;
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        return this;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public ReceiverStatus status() {
        return new ReceiverStatus(true, Optional.empty(), OptionalLong.of(0));
    }

    @Override
    public CompletableFuture<Void> add(Message letter) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public List<Message> read(int limit) {
        return List.of();
    }

    @Override
    public boolean remove(String id) {
        return false;
    }

    @Override
    public CompletableFuture<Void> redeliver(Message message) {
        return add(message);
    }

    @Override
    public void close() {}
}

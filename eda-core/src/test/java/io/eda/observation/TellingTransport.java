package io.eda.observation;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.GroupProgress;
import io.eda.transport.Message;
import io.eda.transport.ProgressRequest;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** Another transport whose broker tells how far groups have come. */
record TellingTransport(EventTransport other, Function<ProgressRequest, List<GroupProgress>> broker)
        implements EventTransport {

    @Override
    public List<GroupProgress> progress(ProgressRequest request) {
        return broker.apply(request);
    }

    @Override
    public Set<Capability> capabilities() {
        return other.capabilities();
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        return other.publish(messages);
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        return other.receive(request, onDeliveries);
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        return other.deadLetters(group);
    }

    @Override
    public void close() {
        other.close();
    }
}

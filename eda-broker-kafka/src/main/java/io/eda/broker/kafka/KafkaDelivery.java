package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.List;

/** One delivery of one entry: a later attempt is another one, so that a stale settlement finds nothing to settle. */
final class KafkaDelivery implements Delivery {

    private final Backlog backlog;
    final Entry entry;
    private final Outputs outputs;
    private final Message message;
    private final int attempt;

    KafkaDelivery(Backlog backlog, Entry entry, Outputs outputs) {
        this.backlog = backlog;
        this.outputs = outputs;
        this.entry = entry;
        this.message = entry.decoded();
        this.attempt = entry.attempts + 1;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public String position() {
        return entry.position();
    }

    @Override
    public void ack() {
        backlog.ack(this);
    }

    @Override
    public void ackWith(List<Message> messages) {
        backlog.ackWith(this, outputs.of(messages));
    }

    @Override
    public void retryLater(Duration delay) {
        backlog.retryLater(this, delay);
    }

    @Override
    public void reject() {
        backlog.reject(this);
    }
}

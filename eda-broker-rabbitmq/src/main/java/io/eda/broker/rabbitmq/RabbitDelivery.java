package io.eda.broker.rabbitmq;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.Duration;

/** One message on one channel. What changes is guarded by the lock of the dispatch. */
final class RabbitDelivery implements Delivery {

    final ChannelSubscription source;
    final long tag;
    final String key;
    final boolean isRedelivered;

    /** Whether the pipeline has it. */
    boolean isOut;

    /** Whether it was settled, or has gone with its channel. */
    boolean isSettled;

    private final Message message;
    private final int attempt;

    RabbitDelivery(ChannelSubscription source, long tag, Message message, int attempt, boolean isRedelivered) {
        this.source = source;
        this.tag = tag;
        this.message = message;
        this.key = message.topic() + "/" + message.key();
        this.attempt = attempt;
        this.isRedelivered = isRedelivered;
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
        return source.queue() + "@" + tag;
    }

    @Override
    public void ack() {
        source.dispatch().done(this, () -> source.acks().done(tag));
    }

    @Override
    public void retryLater(Duration delay) {
        source.dispatch().held(this, () -> source.giveBackAfter(this, delay));
    }

    @Override
    public void reject() {
        source.dispatch().done(this, () -> source.makeDead(tag));
    }
}

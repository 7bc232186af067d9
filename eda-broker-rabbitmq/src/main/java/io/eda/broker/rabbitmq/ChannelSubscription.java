package io.eda.broker.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.eda.transport.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer on one channel of its own, from its subscription to its end. A new one takes its place after that; delivery tags begin
 * anew with it, so nothing of the old one may be settled there.
 */
final class ChannelSubscription implements Consumer {

    private static final Logger log = LoggerFactory.getLogger(ChannelSubscription.class);

    // How long a key waits for a message that was given back. It comes within milliseconds, unless another member got
    // it, or the broker has made it a dead letter.
    private static final Duration RETURN_LIMIT = Duration.ofSeconds(10);

    private final QueueConsumer owner;
    private final Channel channel;
    private final Acks acks;

    // Guarded by the lock of the dispatch.
    private final Map<String, Dispatch.KeyLine> lines = new HashMap<>();
    private int out;
    private boolean isGone;
    private boolean isDraining;

    private volatile boolean hasReceived;

    ChannelSubscription(QueueConsumer owner, Channel channel, int prefetch, RabbitMqOptions options) {
        this.owner = owner;
        this.channel = channel;
        this.acks = new Acks(channel, owner.keeper(), ackBatch(prefetch, options), options.ackDelay());
    }

    // With a batch of all that may be fetched, the broker would send nothing more until the delay is over.
    private static int ackBatch(int prefetch, RabbitMqOptions options) {
        return Math.max(1, Math.min(options.ackBatch(), prefetch / 2));
    }

    String queue() {
        return owner.queue();
    }

    Dispatch dispatch() {
        return owner.dispatch();
    }

    Acks acks() {
        return acks;
    }

    Channel channel() {
        return channel;
    }

    Map<String, Dispatch.KeyLine> lines() {
        return lines;
    }

    int out() {
        return out;
    }

    void changeOut(int difference) {
        out += difference;
    }

    boolean isGone() {
        return isGone;
    }

    boolean markGone() {
        boolean isNews = !isGone;
        isGone = true;
        return isNews;
    }

    boolean isDraining() {
        return isDraining;
    }

    /** Says that nothing more of it is handed out. Returns whether that is new. */
    boolean drain() {
        boolean isNew = !isDraining;
        isDraining = true;
        return isNew;
    }

    /** Whether anything was delivered: of several consumers of a partition, only the active one gets something. */
    boolean hasReceived() {
        return hasReceived;
    }

    @Override
    public void handleDelivery(String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        hasReceived = true;
        long tag = envelope.getDeliveryTag();
        acks.arrived(tag);
        Optional<String> stray = owner.strayType(envelope);
        if (stray.isPresent()) {
            owner.tellStray(stray.get());
            makeDead(tag);
            return;
        }
        Message message = Wire.message(envelope, properties, body);
        int attempt = Wire.earlierDeliveries(envelope, properties) + 1;
        dispatch().arrived(new RabbitDelivery(this, tag, message, attempt, envelope.isRedeliver()));
    }

    /** Gives it back when the time has come; until then it stays unsettled here, and so nobody else gets it. */
    void giveBackAfter(RabbitDelivery delivery, Duration delay) {
        later(delay, () -> {
            acks.reject(delivery.tag, true);
            later(RETURN_LIMIT, () -> giveUpWaiting(delivery));
        });
    }

    private void giveUpWaiting(RabbitDelivery delivery) {
        if (dispatch().isAwaited(delivery)) {
            owner.notReturned(this, delivery);
        }
    }

    /** Hands it to the dead letters, by the broker's own hand: it leaves this queue only when it is in the other. */
    void makeDead(long tag) {
        later(Duration.ZERO, () -> acks.reject(tag, false));
    }

    private void later(Duration delay, Runnable task) {
        try {
            var unused = owner.keeper().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: the broker takes it back with the channel.
            log.debug("A settlement came after the end");
        }
    }

    @Override
    public void handleConsumeOk(String consumer) {
        owner.subscribed(this);
    }

    @Override
    public void handleCancelOk(String consumer) {
        // Never cancelled by this side: closing the channel gives everything back in one step, and in order.
    }

    /** The broker has ended it: the queue was deleted, its leader has moved, or a delivery was unsettled for too long. */
    @Override
    public void handleCancel(String consumer) {
        owner.lost(
                this,
                new IOException(
                        "The broker cancelled the consumer of '" + queue()
                                + "': the queue was deleted, or a delivery was unsettled for longer than its consumer timeout"));
    }

    @Override
    public void handleShutdownSignal(String consumer, ShutdownSignalException cause) {
        owner.lost(this, cause);
    }

    @Override
    public void handleRecoverOk(String consumer) {
        // Never asked for.
    }
}

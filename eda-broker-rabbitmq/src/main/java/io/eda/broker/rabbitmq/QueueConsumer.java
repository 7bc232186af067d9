package io.eda.broker.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that one queue is consumed, whatever happens to its channel. Runs on the keeper's thread but for what says otherwise. */
final class QueueConsumer {

    private static final Logger log = LoggerFactory.getLogger(QueueConsumer.class);

    private final GroupReceiver receiver;
    private final String queue;
    private final RabbitMqOptions options;

    // Read by status() on other threads.
    private volatile @Nullable ChannelSubscription current;
    private volatile boolean isSubscribed;
    private volatile @Nullable Throwable failure;
    private volatile long lag = -1;
    private boolean isAssumedActive;
    private boolean isAttemptDue;
    private int failures;

    QueueConsumer(GroupReceiver receiver, String queue, RabbitMqOptions options) {
        this.receiver = receiver;
        this.queue = queue;
        this.options = options;
    }

    String queue() {
        return queue;
    }

    Dispatch dispatch() {
        return receiver.dispatch();
    }

    ScheduledExecutorService keeper() {
        return receiver.keeper();
    }

    boolean isSubscribed() {
        return isSubscribed;
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    OptionalLong lag() {
        return lag < 0 ? OptionalLong.empty() : OptionalLong.of(lag);
    }

    /** Subscribes, where that is not done and may be done. */
    void ensureSubscribed() {
        Optional<Connection> connection = receiver.connection().current();
        if (current != null || connection.isEmpty() || receiver.isClosed()) {
            return;
        }
        try {
            receiver.declare(connection.get());
            subscribe(connection.get());
        } catch (IOException | TimeoutException | RuntimeException e) {
            failed(e);
        }
    }

    private void subscribe(Connection connection) throws IOException {
        Channel channel = Channels.open(connection);
        ChannelSubscription fresh = new ChannelSubscription(this, channel, receiver.prefetch(), options);
        current = fresh;
        try {
            isAssumedActive = look(channel).getConsumerCount() == 0;
            channel.basicQos(receiver.prefetch());
            String unused = channel.basicConsume(queue, false, fresh);
        } catch (IOException | ShutdownSignalException e) {
            end(fresh);
            throw e;
        }
    }

    /** On a thread of the connection. */
    void subscribed(ChannelSubscription subscription) {
        if (current == subscription) {
            failures = 0;
            failure = null;
            isSubscribed = true;
        }
    }

    private void failed(Exception e) {
        failures++;
        failure = e;
        receiver.doubtDeclared();
        if (failures == 1 || e instanceof RabbitMqRefusedException) {
            log.atWarn()
                    .addKeyValue("queue", queue)
                    .log("'{}' cannot be consumed yet: {}. Trying again.", queue, e.toString());
        }
        tryAgain();
    }

    private void tryAgain() {
        if (isAttemptDue) {
            return;
        }
        isAttemptDue = true;
        long pause = options.reconnect()
                .after(Math.max(1, failures), ThreadLocalRandom.current())
                .toNanos();
        schedule(pause, () -> {
            isAttemptDue = false;
            ensureSubscribed();
        });
    }

    /** On any thread: a subscription has ended. Its deliveries can no longer be settled, and the broker gives them out again. */
    void lost(ChannelSubscription subscription, Exception cause) {
        dispatch().drop(subscription);
        schedule(0, () -> {
            if (current == subscription) {
                end(subscription);
                receiver.doubtDeclared();
                if (!receiver.isClosed()) {
                    failure = cause;
                    log.atWarn()
                            .addKeyValue("queue", queue)
                            .log("'{}' lost its channel: {}. Subscribing again.", queue, cause.getMessage());
                    tryAgain();
                }
            }
        });
    }

    private void end(ChannelSubscription subscription) {
        isSubscribed = false;
        dispatch().drop(subscription);
        Channels.closeQuietly(subscription.channel());
        current = null;
    }

    /**
     * A message that was given back has not come again. Where others may have got it, its key goes on; where this is the only
     * active consumer, it became a dead letter, or is late: a new channel sorts out what is still there.
     */
    void notReturned(ChannelSubscription subscription, RabbitDelivery delivery) {
        if (receiver.isPartitioned()) {
            lost(subscription, new IOException("'" + delivery.message() + "' was given back and did not come again"));
        } else {
            dispatch().release(subscription, delivery.key);
        }
    }

    /** Whether this member seems to be the one that gets the queue's messages. */
    boolean isActive() {
        ChannelSubscription subscription = current;
        return subscription != null && isSubscribed && (isAssumedActive || subscription.hasReceived());
    }

    /**
     * Lets another member become the active one: stops handing out, waits until what is out is settled, and closes the channel, which
     * gives back the rest in order. Where the handlers do not end in time, the channel is closed all the same. Once for a channel.
     */
    void release() {
        ChannelSubscription subscription = current;
        if (subscription != null && dispatch().drain(subscription)) {
            finishRelease(subscription, System.nanoTime() + options.deadline().toNanos());
        }
    }

    private void finishRelease(ChannelSubscription subscription, long end) {
        if (current != subscription) {
            return;
        }
        if (dispatch().out(subscription) == 0) {
            subscription.acks().flush();
            end(subscription);
            failures = 0;
            // Not at once: another one is to be the next in the broker's line.
            schedule(TimeUnit.MILLISECONDS.toNanos(200), this::ensureSubscribed);
        } else if (System.nanoTime() - end > 0) {
            // What was taken out of its turn comes again with the channel.
            lost(subscription, new TimeoutException("Handlers of '" + queue + "' did not end"));
        } else {
            schedule(TimeUnit.MILLISECONDS.toNanos(10), () -> finishRelease(subscription, end));
        }
    }

    /** Asks the broker how much waits. */
    void refreshLag() {
        ChannelSubscription subscription = current;
        if (subscription == null || !isSubscribed) {
            return;
        }
        try {
            lag = look(subscription.channel()).getMessageCount();
        } catch (IOException | ShutdownSignalException e) {
            // The loss of the channel is heard by itself.
            log.debug("The lag of '{}' is not known", queue, e);
        }
    }

    private AMQP.Queue.DeclareOk look(Channel channel) throws IOException {
        return channel.queueDeclarePassive(queue);
    }

    /** On a thread of the connection: the type, where a binding that is not ours has brought a message that the group does not want. */
    Optional<String> strayType(Envelope envelope) {
        return receiver.strayType(envelope);
    }

    void tellStray(String type) {
        receiver.tellStray(queue, type);
    }

    /** Sends what is due, and gives back the rest. */
    void close() {
        ChannelSubscription subscription = current;
        if (subscription != null) {
            subscription.acks().flush();
            end(subscription);
        }
    }

    private void schedule(long nanos, Runnable task) {
        try {
            var unused = keeper().schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("'{}' is closed", queue);
        }
    }
}

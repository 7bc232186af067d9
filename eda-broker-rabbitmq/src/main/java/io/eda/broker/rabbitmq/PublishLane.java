package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.eda.transport.PublishException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One channel to publish on, and the one thread that writes to it.
 *
 * <p>Why one thread: the client gives out sequence numbers without a lock, so two writers on one channel would swap confirms. Why
 * no pool of channels: a channel that was given back with confirms outstanding belongs to two at once. Why a thread at all:
 * a write blocks for as long as the broker does not read, and callers must not.
 *
 * <p>What becomes of messages stands in {@link LaneMessages}; this class writes, opens channels, and hears their answers.
 */
final class PublishLane implements PublishChannel.Listener {

    private final BrokerConnection connection;
    private final Topology topology;
    private final RabbitMqOptions options;
    private final PublishAnswers answers;
    private final Bursts bursts;
    private final Thread writer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LaneMessages messages;
    private @Nullable PublishChannel channel;
    private @Nullable Throwable lastFailure;
    private int failures;
    private boolean isClosed;

    PublishLane(
            int index,
            BrokerConnection connection,
            Topology topology,
            RabbitMqOptions options,
            PublishAnswers answers,
            Bursts bursts) {
        this.connection = connection;
        this.topology = topology;
        this.options = options;
        this.answers = answers;
        this.bursts = bursts;
        this.messages = new LaneMessages(options.publishing(), answers);
        this.writer = Threads.daemon("eda-rabbitmq-writer-" + index, this::write);
    }

    void start() {
        connection.onChange(this::connectionChanged);
        writer.start();
    }

    void offer(List<PendingPublish> publishes) {
        locked(() -> {
            if (isClosed) {
                publishes.forEach(p -> answers.fail(p, p.failure(Reason.NOT_ACCEPTED, "the transport is closed")));
            } else {
                messages.add(publishes);
            }
        });
    }

    private void connectionChanged() {
        Optional<RabbitMqRefusedException> refusal = connection.refusal();
        locked(() -> refusal.ifPresent(messages::refuseWaiting));
    }

    private void write() {
        while (true) {
            PublishChannel open = awaitWork();
            if (open != null) {
                writeBatch(open);
            } else if (isOver()) {
                return;
            } else {
                open();
            }
        }
    }

    /** Waits for something to do: to write on the channel, or, without one, to open it; or to end. */
    private @Nullable PublishChannel awaitWork() {
        lock.lock();
        try {
            while (!isClosed) {
                if (messages.isWaiting() && connection.current().isPresent()) {
                    if (channel == null) {
                        return null;
                    }
                    if (messages.hasRoom() && !connection.isBlocked()) {
                        return channel;
                    }
                }
                changed.awaitUninterruptibly();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    private void open() {
        pauseAfterFailure();
        try {
            Optional<Connection> current = connection.current();
            if (current.isPresent()) {
                open(current.get());
            }
        } catch (IOException | ShutdownSignalException e) {
            openFailed(e);
        } catch (RabbitMqRefusedException e) {
            locked(() -> messages.refuseWaiting(e));
            openFailed(e);
        }
    }

    private void open(Connection current) throws IOException {
        // Somebody may have deleted it: then the channel would die again with the first message.
        topology.declareExchange(current);
        Channel fresh = Channels.open(current);
        PublishChannel opened = new PublishChannel(fresh, this, bursts);
        opened.open();
        locked(() -> channel = opened);
        if (!fresh.isOpen()) {
            // It died before it was known here, so its death was not heard.
            onDeath(opened, fresh.getCloseReason());
        }
    }

    private void openFailed(Exception e) {
        locked(() -> {
            lastFailure = e;
            failures++;
        });
    }

    /** A channel that dies again and again must not become a hot loop. */
    private void pauseAfterFailure() {
        lock.lock();
        try {
            if (failures == 0) {
                return;
            }
            long end = System.nanoTime()
                    + options.reconnect()
                            .after(failures, ThreadLocalRandom.current())
                            .toNanos();
            for (long left = end - System.nanoTime(); left > 0 && !isClosed; left = end - System.nanoTime()) {
                long unused = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void writeBatch(PublishChannel open) {
        List<PendingPublish> batch;
        lock.lock();
        try {
            if (channel != open) {
                return;
            }
            batch = messages.take(open);
        } finally {
            lock.unlock();
        }
        try {
            open.write(batch);
        } catch (IOException | RuntimeException e) {
            // Not all that is numbered was written: the numbers of this channel can no longer be trusted.
            ShutdownSignalException cause = open.deathBy(e);
            open.close();
            onDeath(open, cause);
        }
    }

    @Override
    public void onConfirm(PublishChannel from, long sequence, boolean isMultiple, boolean isAccepted) {
        locked(() -> {
            if (channel != from) {
                return;
            }
            failures = 0;
            if (isAccepted) {
                messages.accepted(from, sequence, isMultiple);
            } else {
                messages.notAccepted(sequence, isMultiple);
            }
        });
    }

    @Override
    public void onDeath(PublishChannel dead, ShutdownSignalException cause) {
        locked(() -> {
            if (channel != dead) {
                return;
            }
            channel = null;
            lastFailure = cause;
            failures++;
            messages.channelDied(cause);
        });
    }

    /** Fails what is over its deadline. */
    void expire() {
        locked(() -> {
            if (messages.hasExpired()) {
                messages.expire(standing(), cause());
            }
        });
    }

    private String standing() {
        if (connection.current().isEmpty()) {
            return "there is no connection to the broker";
        }
        if (connection.isBlocked()) {
            return "the broker takes no messages, because its memory or disk is short";
        }
        return channel == null
                ? "no channel could be opened"
                : messages.unconfirmed() + " messages before it are not confirmed: the broker is slow, or silent";
    }

    private Throwable cause() {
        return connection
                .failure()
                .or(() -> Optional.ofNullable(lastFailure))
                .orElseGet(() -> new TimeoutException("no answer within " + options.deadline()));
    }

    boolean isIdle() {
        lock.lock();
        try {
            return messages.isIdle();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the lane, and fails what is open. */
    void close() {
        locked(() -> {
            isClosed = true;
            // The channel is left to its connection: a goodbye of its own could hang in a full socket.
            channel = null;
            messages.failAll();
        });
    }

    void awaitEnd() {
        Threads.join(writer, options.closeTimeout());
    }

    /** Changes something, and lets the writer look at it. */
    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}

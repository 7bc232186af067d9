package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
 * <p>The life of a message: waiting, written, answered. When a channel dies, what it had written and not answered goes back to
 * the head of what waits, in its order, and is published again under the same id; or fails as unknown, if so chosen.
 * What cannot be written by its deadline fails, and with it what waits behind it under the same key: written, that would
 * overtake it when the caller publishes it again.
 */
final class PublishLane implements PublishChannel.Listener {

    private static final int BATCH = 64;

    private final BrokerConnection connection;
    private final Topology topology;
    private final RabbitMqOptions options;
    private final PublishAnswers answers;
    private final int maxUnconfirmed;
    private final long maxUnconfirmedBytes;
    private final Thread writer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<PendingPublish> waiting = new ArrayDeque<>();
    private final Unconfirmed unconfirmed = new Unconfirmed();
    private @Nullable PublishChannel channel;
    private @Nullable Throwable lastFailure;
    private int failures;
    private boolean isClosed;

    PublishLane(
            int index,
            BrokerConnection connection,
            Topology topology,
            RabbitMqOptions options,
            PublishAnswers answers) {
        this.connection = connection;
        this.topology = topology;
        this.options = options;
        this.answers = answers;
        int lanes = options.publishing().channels();
        this.maxUnconfirmed = Math.max(1, options.publishing().maxUnconfirmed() / lanes);
        this.maxUnconfirmedBytes = Math.max(1, options.publishing().maxUnconfirmedBytes() / lanes);
        this.writer = Threads.daemon("eda-rabbitmq-writer-" + index, this::write);
    }

    void start() {
        connection.onChange(this::connectionChanged);
        writer.start();
    }

    void offer(List<PendingPublish> publishes) {
        lock.lock();
        try {
            if (isClosed) {
                publishes.forEach(p -> answers.fail(p, p.failure(Reason.NOT_ACCEPTED, "the transport is closed")));
                return;
            }
            waiting.addAll(publishes);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void connectionChanged() {
        Optional<RabbitMqRefusedException> refusal = connection.refusal();
        lock.lock();
        try {
            refusal.ifPresent(this::refuseAll);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    // Under the lock.
    private void refuseAll(RabbitMqRefusedException refusal) {
        for (PendingPublish publish : waiting) {
            answers.fail(publish, publish.failure(Reason.REFUSED, String.valueOf(refusal.getMessage()), refusal));
        }
        waiting.clear();
    }

    private void write() {
        while (true) {
            PublishChannel open = awaitWork();
            if (open == null) {
                if (isOver()) {
                    return;
                }
                open();
            } else {
                writeBatch(open);
            }
        }
    }

    /** Waits for something to do: to write on the channel, or, without one, to open it; or to end. */
    private @Nullable PublishChannel awaitWork() {
        lock.lock();
        try {
            while (!isClosed) {
                if (!waiting.isEmpty() && connection.current().isPresent()) {
                    if (channel == null) {
                        return null;
                    }
                    if (hasRoom() && !connection.isBlocked()) {
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

    private boolean hasRoom() {
        if (unconfirmed.size() == 0) {
            return true;
        }
        PendingPublish next = waiting.element();
        return unconfirmed.size() < maxUnconfirmed && unconfirmed.bytes() + next.size <= maxUnconfirmedBytes;
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
            lock.lock();
            try {
                refuseAll(e);
            } finally {
                lock.unlock();
            }
            openFailed(e);
        }
    }

    private void open(Connection current) throws IOException {
        // Somebody may have deleted it: then the channel would die again with the first message.
        topology.declareExchange(current);
        Channel fresh = current.createChannel();
        if (fresh == null) {
            throw new IOException("The connection has no channel left");
        }
        PublishChannel opened = new PublishChannel(fresh, this);
        opened.open();
        lock.lock();
        try {
            channel = opened;
        } finally {
            lock.unlock();
        }
        if (!fresh.isOpen()) {
            // It died before it was known here, so its death was not heard.
            onDeath(opened, fresh.getCloseReason());
        }
    }

    private void openFailed(Exception e) {
        lock.lock();
        try {
            lastFailure = e;
            failures++;
        } finally {
            lock.unlock();
        }
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
        List<PendingPublish> batch = new ArrayList<>(BATCH);
        lock.lock();
        try {
            if (channel != open) {
                return;
            }
            long sequence = open.nextSequence();
            while (batch.size() < BATCH && !waiting.isEmpty() && hasRoom()) {
                PendingPublish next = waiting.remove();
                if (fits(next, open)) {
                    // Before it is written: its confirm may be here before the write returns.
                    next.isWritten = true;
                    unconfirmed.add(sequence++, next);
                    batch.add(next);
                }
            }
        } finally {
            lock.unlock();
        }
        writeAll(open, batch);
    }

    /** The client would number such a message, and then fail to write it: all later confirms would be one off. */
    private boolean fits(PendingPublish next, PublishChannel open) {
        int headers = next.size - next.body.length;
        if (headers <= open.frameMax()) {
            return true;
        }
        answers.fail(
                next,
                next.failure(
                        Reason.TOO_LARGE,
                        "its headers take up to " + headers + " bytes, and must fit into one frame of "
                                + open.frameMax() + ": make them fewer or shorter, or raise frame_max"));
        return false;
    }

    private void writeAll(PublishChannel open, List<PendingPublish> batch) {
        try {
            for (PendingPublish publish : batch) {
                open.write(publish);
            }
        } catch (IOException | RuntimeException e) {
            // Not all that is numbered was written: the numbers of this channel can no longer be trusted.
            ShutdownSignalException cause = open.deathBy(e);
            open.close();
            onDeath(open, cause);
        }
    }

    @Override
    public void onConfirm(PublishChannel from, long sequence, boolean isMultiple, boolean isAccepted) {
        lock.lock();
        try {
            if (channel != from) {
                return;
            }
            failures = 0;
            List<PendingPublish> answered = unconfirmed.answered(sequence, isMultiple);
            if (isAccepted) {
                answers.complete(answered, from);
            } else {
                answered.forEach(this::refusedByBroker);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void refusedByBroker(PendingPublish publish) {
        failWithFollowers(
                publish,
                publish.failure(
                        Reason.UNAVAILABLE,
                        "the broker did not take it: a queue is full, or has lost its majority. Publish it again later"));
    }

    @Override
    public void onDeath(PublishChannel dead, ShutdownSignalException cause) {
        lock.lock();
        try {
            if (channel != dead) {
                return;
            }
            channel = null;
            lastFailure = cause;
            failures++;
            List<PendingPublish> open =
                    unconfirmed.all().stream().filter(p -> !p.isAnswered).toList();
            unconfirmed.clear();
            List<PendingPublish> again = ChannelDeath.of(cause, options.publishing(), this::failWithFollowers)
                    .survivors(open);
            // In front of what waits, in their order.
            for (int i = again.size() - 1; i >= 0; i--) {
                waiting.addFirst(again.get(i));
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    // Under the lock.
    private void failWithFollowers(PendingPublish failed, PublishException failure) {
        answers.fail(failed, failure);
        if (failure.isPermanent() || waiting.isEmpty()) {
            return;
        }
        waiting.removeIf(later -> {
            boolean follows = later != failed && later.key.equals(failed.key);
            if (follows) {
                answers.fail(
                        later,
                        later.failure(
                                Reason.UNAVAILABLE,
                                "an earlier message of its key failed, which it would overtake",
                                failure));
            }
            return follows;
        });
    }

    /** Fails what is over its deadline. */
    void expire() {
        long now = System.nanoTime();
        lock.lock();
        try {
            for (PendingPublish publish : unconfirmed.all()) {
                if (!publish.isOver(now)) {
                    break;
                }
                // It keeps its place in the window: the broker has it still, and answers some day or dies.
                answers.fail(
                        publish,
                        publish.failure(
                                Reason.UNKNOWN,
                                "the broker did not answer by the deadline; it may have it. Publish it again with the same id",
                                cause()));
            }
            while (!waiting.isEmpty() && waiting.element().isOver(now)) {
                PendingPublish late = waiting.remove();
                Reason reason = late.isWritten ? Reason.UNKNOWN : Reason.UNAVAILABLE;
                failWithFollowers(late, late.failure(reason, "the deadline has passed; " + standing(), cause()));
            }
        } finally {
            lock.unlock();
        }
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
                : unconfirmed.size() + " messages before it are not confirmed: the broker is slow, or silent";
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
            return waiting.isEmpty() && unconfirmed.size() == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the lane, and fails what is open. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            // The channel is left to its connection: a goodbye of its own could hang in a full socket.
            channel = null;
            for (PendingPublish publish : unconfirmed.all()) {
                answers.fail(publish, closedBefore(publish, Reason.UNKNOWN));
            }
            for (PendingPublish publish : waiting) {
                answers.fail(publish, closedBefore(publish, publish.isWritten ? Reason.UNKNOWN : Reason.UNAVAILABLE));
            }
            unconfirmed.clear();
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static PublishException closedBefore(PendingPublish publish, Reason reason) {
        return publish.failure(reason, "the transport was closed before the broker answered");
    }

    void awaitEnd() {
        Threads.join(writer, options.closeTimeout());
    }
}

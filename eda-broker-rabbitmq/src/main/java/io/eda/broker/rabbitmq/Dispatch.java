package io.eda.broker.rabbitmq;

import io.eda.transport.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands between the channels of one receiver and its pipeline: hands on what arrives, bounded, in turn, and of each key one at
 * a time.
 *
 * <p>Why one at a time, when the pipeline keeps lanes of its own: a message that failed goes back to the broker, because only
 * the broker counts attempts over restarts, and comes again to the head of the queue. Its later siblings are here already,
 * prefetched. They wait until it has come back and is settled; so it stays before them, whatever the pipeline does.
 *
 * <p>Whoever brings something hands out what is ready, unless somebody does so already, who then takes it too: no two calls at
 * once, no recursion from a settlement within a call. Thread-safe.
 */
final class Dispatch {

    private static final Logger log = LoggerFactory.getLogger(Dispatch.class);
    private static final Duration AFTER_A_BUG = Duration.ofSeconds(1);

    private final int maxInFlight;
    private final boolean isOrdered;
    private final Consumer<List<Delivery>> onDeliveries;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<RabbitDelivery> ready = new ArrayDeque<>();
    private int inFlight;
    private boolean isHandingOut;
    private boolean isPaused;
    private boolean isClosed;

    Dispatch(int maxInFlight, boolean isOrdered, Consumer<List<Delivery>> onDeliveries) {
        this.maxInFlight = maxInFlight;
        this.isOrdered = isOrdered;
        this.onDeliveries = onDeliveries;
    }

    /** The messages of one key on one channel: the first is ready, out, or on its way back to the broker; the others wait. */
    static final class KeyLine {
        private final Deque<RabbitDelivery> waiting = new ArrayDeque<>(2);
        private @Nullable String awaitedId;
    }

    void arrived(RabbitDelivery delivery) {
        lock.lock();
        try {
            if (isClosed || delivery.source.isGone()) {
                return;
            }
            if (!isOrdered || isNext(delivery)) {
                ready.add(delivery);
            }
        } finally {
            lock.unlock();
        }
        handOut();
    }

    // Under the lock.
    private boolean isNext(RabbitDelivery delivery) {
        Map<String, KeyLine> lines = delivery.source.lines();
        KeyLine line = lines.get(delivery.key);
        if (line == null) {
            lines.put(delivery.key, new KeyLine());
            return true;
        }
        if (delivery.isRedelivered && delivery.message().id().equals(line.awaitedId)) {
            line.awaitedId = null;
            return true;
        }
        line.waiting.add(delivery);
        return false;
    }

    private void handOut() {
        while (true) {
            List<Delivery> batch = new ArrayList<>();
            lock.lock();
            try {
                if (isHandingOut) {
                    return;
                }
                take(batch);
                if (batch.isEmpty()) {
                    return;
                }
                isHandingOut = true;
            } finally {
                lock.unlock();
            }
            call(batch);
        }
    }

    // Under the lock.
    private void take(List<Delivery> batch) {
        if (isPaused || isClosed) {
            return;
        }
        while (inFlight < maxInFlight && !ready.isEmpty()) {
            RabbitDelivery next = ready.remove();
            if (next.source.isDraining()) {
                // Its channel is about to be closed, which gives it back.
                continue;
            }
            next.isOut = true;
            next.source.changeOut(1);
            inFlight++;
            batch.add(next);
        }
    }

    private void call(List<Delivery> batch) {
        try {
            onDeliveries.accept(List.copyOf(batch));
        } catch (RuntimeException | Error e) {
            log.atError()
                    .addKeyValue("messages", batch.size())
                    .setCause(e)
                    .log("The receiver of {} deliveries failed to take them; they are given back", batch.size());
            batch.forEach(delivery -> delivery.retryLater(AFTER_A_BUG));
        } finally {
            lock.lock();
            try {
                isHandingOut = false;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Settles it for good, if it is the first settlement and its channel is still the one; the next of its key may go. */
    void done(RabbitDelivery delivery, Runnable then) {
        if (settled(delivery)) {
            then.run();
            release(delivery.source, delivery.key);
        }
    }

    /** Settles it for now: its key waits until it has come back. */
    void held(RabbitDelivery delivery, Runnable then) {
        if (settled(delivery)) {
            lock.lock();
            try {
                KeyLine line = delivery.source.lines().get(delivery.key);
                if (line != null) {
                    line.awaitedId = delivery.message().id();
                }
            } finally {
                lock.unlock();
            }
            then.run();
            handOut();
        }
    }

    private boolean settled(RabbitDelivery delivery) {
        lock.lock();
        try {
            if (delivery.isSettled || isClosed || delivery.source.isGone()) {
                return false;
            }
            delivery.isSettled = true;
            delivery.source.changeOut(-1);
            inFlight--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the next of a key go. */
    void release(ChannelSubscription source, String key) {
        lock.lock();
        try {
            KeyLine line = source.lines().get(key);
            if (line != null && !source.isGone()) {
                line.awaitedId = null;
                RabbitDelivery next = line.waiting.poll();
                if (next == null) {
                    source.lines().remove(key);
                } else {
                    ready.add(next);
                }
            }
        } finally {
            lock.unlock();
        }
        handOut();
    }

    /** Whether a message that was given back has not come again yet. */
    boolean isAwaited(RabbitDelivery delivery) {
        lock.lock();
        try {
            KeyLine line = delivery.source.lines().get(delivery.key);
            return line != null
                    && !delivery.source.isGone()
                    && delivery.message().id().equals(line.awaitedId);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what came over a channel that is no more: its deliveries can no longer be settled. */
    void drop(ChannelSubscription source) {
        lock.lock();
        try {
            if (source.markGone()) {
                inFlight -= source.out();
                ready.removeIf(delivery -> delivery.source == source);
                source.lines().clear();
            }
        } finally {
            lock.unlock();
        }
        handOut();
    }

    /** Hands out nothing more of {@code source}. Returns whether that is new. */
    boolean drain(ChannelSubscription source) {
        lock.lock();
        try {
            return source.drain();
        } finally {
            lock.unlock();
        }
    }

    int out(ChannelSubscription source) {
        lock.lock();
        try {
            return source.out();
        } finally {
            lock.unlock();
        }
    }

    void pause() {
        lock.lock();
        try {
            isPaused = true;
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            isPaused = false;
        } finally {
            lock.unlock();
        }
        handOut();
    }

    void close() {
        lock.lock();
        try {
            isClosed = true;
            ready.clear();
        } finally {
            lock.unlock();
        }
    }
}

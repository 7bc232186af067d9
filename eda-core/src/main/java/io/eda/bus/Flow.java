package io.eda.bus;

import io.eda.transport.Receiver;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How much is received and not settled, and the back-pressure by it: above the limit of messages or of bytes the receiver pauses, and
 * at half of both it goes on, so that it does not flutter. Thread-safe.
 */
final class Flow {

    private final int maxMessages;
    private final long maxBytes;

    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    // Whoever counts up from 0 makes the calls for all who come meanwhile: so pause and resume reach the receiver in
    // the order of the
    // decisions, without a lock held over them, and although resume may deliver at once.
    private final AtomicInteger decisions = new AtomicInteger();
    private volatile boolean isPaused;
    private volatile @Nullable Receiver receiver;

    Flow(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Begins to regulate {@code opened}; deliveries may have come before. */
    void open(Receiver opened) {
        receiver = opened;
        regulate();
    }

    void received(int more, long moreBytes) {
        messages.addAndGet(more);
        bytes.addAndGet(moreBytes);
        regulate();
    }

    void settled(Work work) {
        messages.decrementAndGet();
        bytes.addAndGet(-work.message().body().length);
        regulate();
    }

    int inFlight() {
        return messages.get();
    }

    boolean isPaused() {
        return isPaused;
    }

    private void regulate() {
        Receiver regulated = receiver;
        if (regulated != null && (isPaused ? isLow() : isOver())) {
            decide(regulated);
        }
    }

    private void decide(Receiver regulated) {
        if (decisions.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            // Until nothing changes: what is settled while it pauses must not leave it paused for ever.
            while (isPaused ? isLow() : isOver()) {
                isPaused = !isPaused;
                if (isPaused) {
                    regulated.pause();
                } else {
                    regulated.resume();
                }
            }
            seen = decisions.addAndGet(-seen);
        } while (seen != 0);
    }

    private boolean isOver() {
        return messages.get() > maxMessages || bytes.get() > maxBytes;
    }

    private boolean isLow() {
        return messages.get() <= maxMessages / 2 && bytes.get() <= maxBytes / 2;
    }
}

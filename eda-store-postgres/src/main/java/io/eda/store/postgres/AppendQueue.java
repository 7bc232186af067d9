package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.store.EventStorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The appends that wait for a lane, first come first served, and of each aggregate one at a time: the next of the same
 * aggregate is not sent before the first has its answer, so a caller that hands in two in a row gets no conflict from itself.
 *
 * <p>A batch holds whatever waits when a lane comes free, up to two limits; nothing ever waits for a batch to fill.
 */
final class AppendQueue {

    // Beyond some hundred rows a statement gains nothing more, and all its requests wait for the last.
    private static final int BATCH_EVENTS = 500;
    private static final long BATCH_BYTES = 4 << 20;

    private static final Comparator<PendingAppend> BY_AGGREGATE = Comparator.comparing(
                    (PendingAppend pending) -> pending.append().aggregateId().id())
            .thenComparing(pending -> pending.append().aggregateId().type());

    private final int maxRequests;
    private final long maxBytes;
    private final int lanes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition mayTake = lock.newCondition();
    private final Condition mayEnter = lock.newCondition();

    // All guarded by the lock. The head of a queue is the request that is sent or may be sent next; a queue stands in
    // ready while its head is not sent.
    private final Map<AggregateId, Deque<PendingAppend>> queues = new HashMap<>();
    private final Deque<AggregateId> ready = new ArrayDeque<>();
    private int requests;
    private long bytes;
    private int busyLanes;
    private int lastBatch;
    private boolean isClosed;

    AppendQueue(int maxRequests, long maxBytes, int lanes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
        this.lanes = lanes;
    }

    /**
     * Accepts a request; waits for room until its deadline. Returns whether the caller is to send it at once, itself, in place
     * of a lane: a caller that {@code maySend} and finds nobody waiting would lose more by handing it to another thread. Not
     * while batches are larger than one, though: the first of a batch of callers to wake would send its next one alone, and
     * take the lane from the others, who are about to follow.
     */
    boolean enter(PendingAppend pending, boolean maySend) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitRoom(pending);
            AggregateId id = pending.append().aggregateId();
            Deque<PendingAppend> queue = queues.computeIfAbsent(id, key -> new ArrayDeque<>(2));
            queue.add(pending);
            requests++;
            bytes += pending.bytes();
            if (queue.size() > 1) {
                return false;
            }
            if (maySend && ready.isEmpty() && busyLanes < lanes && lastBatch <= 1) {
                busyLanes++;
                return true;
            }
            ready.add(id);
            mayTake.signal();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(PendingAppend pending) throws InterruptedException {
        while (true) {
            if (isClosed) {
                throw new EventStorageException("Append to " + pending.append().aggregateId()
                        + " was refused: the storage is closed. Nothing was stored.");
            }
            boolean hasRoom = requests < maxRequests && (bytes + pending.bytes() <= maxBytes || requests == 0);
            if (hasRoom) {
                return;
            }
            long left = pending.deadline() - System.nanoTime();
            if (left <= 0 || mayEnter.awaitNanos(left) <= 0) {
                throw new EventStorageException("Append to " + pending.append().aggregateId() + " found " + requests
                        + " appends of " + bytes
                        + " bytes waiting, up to its deadline. Nothing was stored. The database is"
                        + " slower than the callers: let fewer append at once, or allow more to wait.");
            }
        }
    }

    /** Returns how many requests were accepted and have no answer. */
    int size() {
        lock.lock();
        try {
            return requests;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for requests and a free lane, and takes a batch; an empty one says that the queue is closed and drained. */
    List<PendingAppend> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (ready.isEmpty() || busyLanes >= lanes) {
                if (isClosed && requests == 0) {
                    return List.of();
                }
                mayTake.await();
            }
            busyLanes++;
            List<PendingAppend> batch = new ArrayList<>();
            int events = 0;
            long size = 0;
            while (!ready.isEmpty()) {
                PendingAppend next = head(ready.element());
                events += next.append().events().size();
                size += next.bytes();
                if (!batch.isEmpty() && (events > BATCH_EVENTS || size > BATCH_BYTES)) {
                    break;
                }
                ready.remove();
                batch.add(next);
            }
            lastBatch = batch.size();
            batch.sort(BY_AGGREGATE);
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the lane back, and lets the next requests of these aggregates follow. */
    void done(List<PendingAppend> batch) {
        lock.lock();
        try {
            busyLanes--;
            for (PendingAppend pending : batch) {
                AggregateId id = pending.append().aggregateId();
                Deque<PendingAppend> queue = queues.get(id);
                if (queue == null) {
                    throw new IllegalStateException("The append to " + id + " was done twice");
                }
                queue.remove();
                requests--;
                bytes -= pending.bytes();
                if (queue.isEmpty()) {
                    queues.remove(id);
                } else {
                    ready.add(id);
                }
            }
            if (isClosed && requests == 0) {
                mayTake.signalAll();
            } else if (!ready.isEmpty()) {
                mayTake.signal();
            }
            mayEnter.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more, and waits until what was accepted has its answer. Returns whether it has. */
    boolean closeAndDrain(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            isClosed = true;
            mayTake.signalAll();
            mayEnter.signalAll();
            long left = nanos;
            while (requests > 0 && left > 0) {
                left = mayEnter.awaitNanos(left);
            }
            return requests == 0;
        } finally {
            lock.unlock();
        }
    }

    private PendingAppend head(AggregateId id) {
        Deque<PendingAppend> queue = queues.get(id);
        if (queue == null) {
            throw new IllegalStateException("Nothing waits for " + id);
        }
        return queue.element();
    }
}

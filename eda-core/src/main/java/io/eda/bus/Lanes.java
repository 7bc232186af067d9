package io.eda.bus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One lane per key: works of one key are done one after the other in the order in which they came, those of other keys at the same
 * time, by a limited number of workers. A work that waits holds up its lane and no worker.
 *
 * <p>A lane that can go on stands in a queue, and a worker takes the first work of the first lane. One lock guards all of it: it is
 * taken once for a whole batch that arrives, and once for each work that ends, by which the worker gets its next work too; so a busy
 * worker hands nothing to another thread, and a thread is woken only where a worker is missing.
 *
 * <p>Whoever adds or resumes is told how many workers to start, and starts them outside of the lock. Thread-safe.
 */
final class Lanes {

    private final int concurrency;

    // A monitor, because a thread that finds it taken spins for a moment: it is held for less time than parking takes.
    private final Object lock = new Object();
    private final Map<Lane.Key, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();

    private int workers;
    private int limit;
    private boolean isHeld;
    private boolean isClosed;

    Lanes(int concurrency) {
        this.concurrency = concurrency;
        this.limit = concurrency;
    }

    /** Adds works, and returns how many workers to start; where it is closed, nobody begins them, and they stand among {@link #works}. */
    int add(List<Work> works) {
        synchronized (lock) {
            for (Work work : works) {
                add(work);
            }
            return hire();
        }
    }

    private void add(Work work) {
        Lane.Key key = work.laneKey();
        Lane lane = lanes.get(key);
        if (lane == null) {
            lane = new Lane(key);
            lanes.put(key, lane);
            ready.add(lane);
        }
        lane.append(work);
    }

    /** Lets the first work of {@code lane}, which waits or is about to, go on; returns how many workers to start. */
    int resume(Lane lane) {
        synchronized (lock) {
            if (!lane.isSuspended) {
                lane.isResumed = true;
                return 0;
            }
            lane.isSuspended = false;
            ready.add(lane);
            return hire();
        }
    }

    /** Returns the first work of a new worker, or nothing where it is to leave. */
    @Nullable
    Work first() {
        synchronized (lock) {
            return take();
        }
    }

    /** Says whether {@code last} is over, or waits, and returns the next work, or nothing where the worker is to leave. */
    @Nullable
    Work next(Work last, boolean isOver) {
        synchronized (lock) {
            Lane lane = last.laneOrThrow();
            if (isOver) {
                lane.removeFirst();
                if (lane.isEmpty()) {
                    lanes.remove(lane.key);
                } else {
                    ready.add(lane);
                }
            } else if (lane.isResumed) {
                ready.add(lane);
            } else {
                lane.isSuspended = true;
            }
            lane.isResumed = false;
            return take();
        }
    }

    /** A worker that was to start could not. */
    void missed() {
        synchronized (lock) {
            leave();
        }
    }

    /** Returns how many workers to start, where {@link #missed} ones are to be tried again. */
    int again() {
        synchronized (lock) {
            return hire();
        }
    }

    /** Lets one work be done at a time, after nothing is begun until {@link #release}; works that have begun go on. */
    void narrow() {
        synchronized (lock) {
            limit = 1;
            isHeld = true;
        }
    }

    /** Ends the hold of {@link #narrow}; returns how many workers to start. */
    int release() {
        synchronized (lock) {
            isHeld = false;
            return hire();
        }
    }

    /** Ends {@link #narrow}; returns how many workers to start. */
    int widen() {
        synchronized (lock) {
            limit = concurrency;
            isHeld = false;
            return hire();
        }
    }

    /** Takes nothing more in, and lets nothing begin. */
    void close() {
        synchronized (lock) {
            isClosed = true;
        }
    }

    /** Waits until no worker is at work; returns whether that came true within the time. */
    boolean awaitWorkers(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        synchronized (lock) {
            for (long left = nanos; workers > 0 && left > 0; left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
            return workers == 0;
        }
    }

    /** Returns all works that are not over. */
    List<Work> works() {
        synchronized (lock) {
            List<Work> works = new ArrayList<>();
            for (Lane lane : lanes.values()) {
                for (Work work = lane.isEmpty() ? null : lane.first(); work != null; work = work.next) {
                    works.add(work);
                }
            }
            return works;
        }
    }

    private @Nullable Work take() {
        if (isClosed || isHeld || workers > limit || ready.isEmpty()) {
            leave();
            return null;
        }
        return ready.remove().first();
    }

    private void leave() {
        workers--;
        if (workers == 0) {
            lock.notifyAll();
        }
    }

    private int hire() {
        if (isClosed || isHeld) {
            return 0;
        }
        int hired = Math.max(0, Math.min(ready.size(), limit - workers));
        workers += hired;
        return hired;
    }
}

package io.eda.store.postgres;

import io.eda.store.postgres.Watermark.Observation;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one {@link Watermark} of a storage, shared by all its threads. There is no thread behind it: whoever wants to know
 * observes, one at a time, and all who wait share what was seen.
 *
 * <p>A signal after an append of this process makes waiters look at once. It means "look", never "you may read": the append
 * may stand behind a transaction that is still open.
 */
final class VisiblePosition {

    private final Connections connections;
    private final String observeSql;
    private final long shortestNanos;
    private final long longestNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition observed = lock.newCondition();

    // All guarded by the lock; the watermark is touched by the observing thread alone, which isObserving singles out.
    private final Watermark watermark = new Watermark();
    private boolean isObserving;
    private long safe;
    private long observationsBegun;
    private long observationsDone;
    private long pauseNanos;
    private long nextObservation;

    VisiblePosition(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.observeSql = SqlFile.read("statement/observe.sql", options.schema());
        this.shortestNanos = options.shortestPoll().toNanos();
        this.longestNanos = options.longestPoll().toNanos();
        this.pauseNanos = shortestNanos;
        this.nextObservation = System.nanoTime();
    }

    /** Returns the safe position as it was last seen. */
    long known() {
        lock.lock();
        try {
            return safe;
        } finally {
            lock.unlock();
        }
    }

    /** Observes, or shares an observation that began after this call, and returns the safe position. */
    long refresh() {
        lock.lock();
        try {
            long wanted = observationsBegun + 1;
            while (observationsDone < wanted) {
                if (isObserving) {
                    observed.awaitUninterruptibly();
                } else {
                    observe();
                }
            }
            return safe;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the safe position has reached {@code position} or the time is over, and returns it. */
    long await(long position, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lockInterruptibly();
        try {
            if (safe < position && timeout.isZero()) {
                refresh();
            }
            long now = System.nanoTime();
            while (safe < position && deadline - now > 0) {
                long untilNext = nextObservation - now;
                if (!isObserving && untilNext <= 0) {
                    observe();
                } else {
                    long nanos = isObserving ? deadline - now : Math.min(deadline - now, untilNext);
                    boolean unused = observed.await(nanos, TimeUnit.NANOSECONDS);
                }
                now = System.nanoTime();
            }
            return safe;
        } finally {
            lock.unlock();
        }
    }

    /** Tells waiters that this process has appended. */
    void signalAppend() {
        lock.lock();
        try {
            pauseNanos = shortestNanos;
            nextObservation = System.nanoTime();
            observed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock, which it gives up while it asks the server. */
    private void observe() {
        isObserving = true;
        long number = ++observationsBegun;
        long before = safe;
        long scheduled = nextObservation;
        long done = observationsDone;
        lock.unlock();
        long reached = before;
        // Where it fails, those who wait for it try for themselves: none is told an old position as if it were new.
        try {
            reached = connections.call("Observing the writers of the event table", this::observe);
            done = number;
        } finally {
            lock.lock();
            isObserving = false;
            observationsDone = done;
            safe = reached;
            pauseNanos = reached > before ? shortestNanos : Math.min(pauseNanos * 2, longestNanos);
            // A signal that came while this one was on its way asks for another: it may have missed that append.
            if (nextObservation == scheduled) {
                nextObservation = System.nanoTime() + pauseNanos;
            }
            observed.signalAll();
        }
    }

    private long observe(Connections.Session session) throws SQLException {
        try (PreparedStatement statement = session.prepare(observeSql)) {
            statement.execute();
            long committed;
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                committed = row.getLong(1);
            }
            statement.getMoreResults();
            Set<String> writers = new HashSet<>();
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    writers.add(rows.getString(1));
                }
            }
            return watermark.observe(new Observation(committed, writers));
        }
    }
}

package io.eda.store.postgres;

import io.eda.store.EventStorageException;
import io.eda.store.postgres.SeenHistory.Mark;
import io.eda.store.postgres.Watermark.Observation;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one {@link Watermark} of a storage, shared by all its threads. There is no thread behind it: whoever wants to know
 * observes, one at a time, and all who wait share what was seen.
 *
 * <p>A signal after an append, of this process or another, makes waiters look at once. It means "look", never "you may
 * read": the append may stand behind a transaction that is still open. Without any signal, they look at intervals.
 */
final class VisiblePosition {

    private final Connections connections;
    private final String observeSql;
    private final long shortestNanos;
    private final long longestNanos;

    // These two are touched by the observing thread alone, which isObserving singles out.
    private final Watermark watermark = new Watermark();
    private final SeenHistory history = new SeenHistory();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition observed = lock.newCondition();

    // All guarded by the lock.
    private Hold hold = new Hold(0, 0, 0, Duration.ZERO);
    private boolean isObserving;
    private long movedAt;
    private long observationsBegun;
    private long observationsDone;
    private long pauseNanos;
    private long nextObservation;

    /**
     * What the last observation came to.
     *
     * @param safe up to where events can be read
     * @param committed the last committed position
     * @param writers how many transactions are waited for
     * @param age for how long the safe position was seen standing behind the committed one
     */
    record Hold(long safe, long committed, int writers, Duration age) {

        /** How many positions are committed and cannot be read yet. */
        long lag() {
            return Math.max(0, committed - safe);
        }
    }

    VisiblePosition(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.observeSql = SqlFile.read("statement/observe.sql", options.schema());
        this.shortestNanos = options.shortestPoll().toNanos();
        this.longestNanos = options.longestPoll().toNanos();
        this.pauseNanos = shortestNanos;
        this.movedAt = System.nanoTime();
        this.nextObservation = System.nanoTime();
    }

    /** Returns what was seen last. */
    Hold known() {
        lock.lock();
        try {
            return hold;
        } finally {
            lock.unlock();
        }
    }

    /** Observes, or shares an observation that began after this call, and returns what was seen. */
    Hold refresh() {
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
            return hold;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the safe position has reached {@code position} or the time is over, and returns it. */
    long await(long position, Duration timeout) throws InterruptedException {
        if (timeout.isZero()) {
            // Outside of the lock: one that is held twice is not given up while the server is asked, and appends would
            // wait for it.
            long known = known().safe();
            return known < position ? refresh().safe() : known;
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lockInterruptibly();
        try {
            long now = System.nanoTime();
            while (hold.safe() < position && deadline - now > 0) {
                long untilNext = nextObservation - now;
                if (!isObserving && untilNext <= 0) {
                    observe();
                } else {
                    long nanos = isObserving ? deadline - now : Math.min(deadline - now, untilNext);
                    boolean unused = observed.await(nanos, TimeUnit.NANOSECONDS);
                }
                now = System.nanoTime();
            }
            return hold.safe();
        } finally {
            lock.unlock();
        }
    }

    /** Tells waiters that somebody has appended. */
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
        Hold before = hold;
        long scheduled = nextObservation;
        long done = observationsDone;
        lock.unlock();
        Hold now = before;
        // Where it fails, those who wait for it try for themselves: none is told an old position as if it were new.
        try {
            now = connections.call("Observing the writers of the event table", this::observe);
            done = number;
        } finally {
            lock.lock();
            isObserving = false;
            observationsDone = done;
            boolean moved = now.safe() > before.safe();
            if (done == number) {
                takeIn(now, moved);
            }
            pauseNanos = moved ? shortestNanos : Math.min(pauseNanos * 2, longestNanos);
            // A signal that came while this one was on its way asks for another: it may have missed that append.
            if (nextObservation == scheduled) {
                nextObservation = System.nanoTime() + pauseNanos;
            }
            observed.signalAll();
        }
    }

    private void takeIn(Hold now, boolean moved) {
        long time = System.nanoTime();
        if (moved || now.safe() == now.committed()) {
            movedAt = time;
        }
        hold = new Hold(now.safe(), now.committed(), now.writers(), Duration.ofNanos(time - movedAt));
    }

    private Hold observe(Connections.Session session) throws SQLException {
        try (PreparedStatement statement = session.prepare(observeSql)) {
            statement.setLong(1, history.position());
            statement.execute();
            Optional<Mark> last;
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                refuseStandby(row.getBoolean(4));
                history.check(Optional.ofNullable(row.getObject(3, UUID.class)));
                long position = row.getLong(1);
                last = Optional.ofNullable(row.getObject(2, UUID.class)).map(id -> new Mark(position, id));
            }
            statement.getMoreResults();
            Set<String> writers = new HashSet<>();
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    writers.add(rows.getString(1));
                }
            }
            long committed = last.map(Mark::position).orElse(0L);
            long safe = watermark.observe(new Observation(committed, writers));
            history.saw(last, safe);
            return new Hold(safe, committed, watermark.awaited(), Duration.ZERO);
        }
    }

    /** A pool may hand out a connection to a standby where its URL lets it. */
    private static void refuseStandby(boolean isStandby) {
        if (isStandby) {
            throw new EventStorageException("Observing the writers of the event table met a standby: it shows neither"
                    + " locks nor writes of its primary, so events could be skipped. Let every connection lead to the"
                    + " primary (targetServerType=primary).");
        }
    }
}

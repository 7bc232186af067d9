package io.eda.projection;

import io.eda.retry.Backoff;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the order of all events in a thread of its own, page by page: what projections and relays share.
 *
 * <p>Whatever fails is tried again from the persisted position, with growing pauses, until it succeeds or this is closed;
 * {@link #progress} tells why it stands. Thread-safe.
 */
public final class Follower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Follower.class);

    // How long one wait for news lasts at most; a lost wake-up costs no more than this.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final int PAGE_SIZE = 500;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(10));

    private final String name;
    private final EventStorage storage;
    private final EventFilter filter;
    private final PageHandler handler;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();

    // All guarded by the lock.
    private @Nullable Thread thread;
    private boolean isWaiting;
    private boolean isClosed;
    private long position;
    private long visiblePosition;
    private int restarts;
    private @Nullable Throwable failure;

    /** Prepares to follow the events that pass {@code filter}; {@link #start} begins. */
    public Follower(String name, EventStorage storage, EventFilter filter, PageHandler handler) {
        this.name = name;
        this.storage = storage;
        this.filter = filter;
        this.handler = handler;
    }

    /**
     * Begins.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public void start() {
        lock.lock();
        try {
            if (thread != null || isClosed) {
                throw new IllegalStateException("'" + name + "' was " + (isClosed ? "closed" : "started")
                        + " already: a follower runs once, make a new one");
            }
            Thread started = new Thread(this::run, "eda-" + name);
            started.setDaemon(true);
            thread = started;
            started.start();
        } finally {
            lock.unlock();
        }
    }

    /** Reads the persisted position again and goes on from there, because it was changed from outside. */
    public void restart() {
        lock.lock();
        try {
            restarts++;
            position = 0;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Returns where this stands. */
    public Progress progress() {
        lock.lock();
        try {
            return new Progress(name, position, Math.max(position, visiblePosition), Optional.ofNullable(failure));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until this has handled everything up to {@code target}.
     *
     * @throws PositionNotReachedException if the time is over before
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitPosition(long target, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lockInterruptibly();
        try {
            for (long left = timeout.toNanos(); position < target; left = deadline - System.nanoTime()) {
                if (left <= 0) {
                    throw new PositionNotReachedException(target, timeout, progress());
                }
                boolean unused = moved.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops after the page at hand; interrupts it where it takes longer than ten seconds. Idempotent. */
    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            isClosed = true;
            wake();
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        try {
            running.join(CLOSE_TIMEOUT.toMillis());
            if (running.isAlive()) {
                running.interrupt();
                running.join(CLOSE_TIMEOUT.toMillis());
            }
        } catch (InterruptedException e) {
            running.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int failures = 0;
        int restartsSeen = -1;
        long from = 0;
        while (!isClosed()) {
            try {
                int restartsNow = restarts();
                if (restartsSeen != restartsNow || failures > 0) {
                    from = handler.load();
                    restartsSeen = restartsNow;
                }
                EventPage page = storage.readAll(from, filter, PAGE_SIZE);
                handler.handle(page);
                from = page.position();
                failures = 0;
                moveTo(page, restartsSeen);
                if (page.isLast()) {
                    awaitNews(from, restartsSeen);
                }
            } catch (InterruptedException e) {
                // Only close() interrupts a follower while it works; the loop's condition ends it.
                log.debug("'{}' was interrupted", name);
            } catch (CheckpointConflictException e) {
                // Another runner of this name is at work, or a reset: nothing failed, the place is elsewhere.
                log.debug("'{}' reads its position again", name, e);
                restartsSeen = -1;
                waitUnlessWoken(() -> Thread.sleep(BACKOFF.initial().toMillis()));
            } catch (Throwable e) {
                failures++;
                stumble(e, failures, from);
            }
        }
        handler.stop();
    }

    private void moveTo(EventPage page, int restartsSeen) {
        lock.lock();
        try {
            failure = null;
            visiblePosition = page.visiblePosition();
            // A reset in between has put the position back: this page belongs to the time before it.
            if (restarts == restartsSeen) {
                position = page.position();
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void stumble(Throwable e, int failures, long from) {
        if (isClosed()) {
            return;
        }
        if (failures == 1) {
            log.warn("'{}' stands at position {} and tries again until it succeeds", name, from, e);
        }
        lock.lock();
        try {
            failure = e;
        } finally {
            lock.unlock();
        }
        waitUnlessWoken(() -> Thread.sleep(
                BACKOFF.after(failures, ThreadLocalRandom.current()).toMillis()));
    }

    private void awaitNews(long from, int restartsSeen) {
        Duration patience = handler.patience();
        waitUnlessWoken(() -> {
            if (restarts() == restartsSeen) {
                storage.awaitVisible(from + 1, patience.compareTo(LONGEST_WAIT) < 0 ? patience : LONGEST_WAIT);
            }
        });
    }

    /** Waits such that {@link #wake} ends it, and such that no interrupt outlives it. */
    private void waitUnlessWoken(Wait wait) {
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isWaiting = true;
        } finally {
            lock.unlock();
        }
        try {
            wait.run();
        } catch (InterruptedException e) {
            log.trace("'{}' was woken", name);
        } finally {
            lock.lock();
            try {
                isWaiting = false;
                boolean unused = Thread.interrupted();
            } finally {
                lock.unlock();
            }
        }
    }

    // Under the lock. An interrupt goes to a wait alone: one that hit a handler would fail innocent work.
    private void wake() {
        if (isWaiting && thread != null) {
            thread.interrupt();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    private int restarts() {
        lock.lock();
        try {
            return restarts;
        } finally {
            lock.unlock();
        }
    }

    /** What a follower does with what it finds. Called from the follower's thread alone. */
    public interface PageHandler {

        /** Returns the persisted position, and forgets whatever was under way from an earlier one. */
        long load() throws Exception;

        /** Handles the events of a page, which may be none; returns when they count as handled. */
        void handle(EventPage page) throws Exception;

        /** Returns how long the follower may wait for news before it calls {@link #handle} again with an empty page. */
        default Duration patience() {
            return LONGEST_WAIT;
        }

        /** Ends what is under way, because the follower stops. */
        default void stop() {}
    }

    private interface Wait {
        void run() throws InterruptedException;
    }
}

package io.eda.projection;

import io.eda.store.EventPage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
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
final class Follower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Follower.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration AFTER_CONFLICT = Duration.ofMillis(50);

    private final Feed feed;
    private final FollowOptions options;
    private final PageHandler handler;
    private final Listener listener;

    private final ReentrantLock lock = new ReentrantLock();

    // All changed under the lock alone; the volatile ones are read without it.
    private volatile @Nullable Thread thread;
    private volatile boolean hasEnded;
    private volatile boolean isClosed;
    private volatile long position;
    private boolean isWaiting;
    private long visiblePosition;
    private int restarts;
    private @Nullable Throwable failure;

    // When the first event of the page under way was decided; of none between pages.
    private volatile @Nullable Instant pageSince;

    /** Prepares to follow; {@link #start} begins. */
    Follower(Feed feed, FollowOptions options, PageHandler handler, Listener listener) {
        this.feed = feed;
        this.options = options;
        this.handler = handler;
        this.listener = listener;
    }

    /** Begins, in a thread of its own; once. */
    void start() {
        lock.lock();
        try {
            Thread started = new Thread(this::run, "eda-" + feed.name());
            started.setDaemon(true);
            thread = started;
            started.start();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a pause after a failure, because its reason is said to be gone. */
    void retryNow() {
        lock.lock();
        try {
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Reads the persisted position again and goes on from there, because it was changed from outside. */
    void restart() {
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
    Progress progress() {
        lock.lock();
        try {
            return new Progress(
                    feed.name(), position, Math.max(position, visiblePosition), Optional.ofNullable(failure));
        } finally {
            lock.unlock();
        }
    }

    /** Returns up to where this has handled everything, since it last began or started over. */
    long position() {
        return position;
    }

    /** Returns where the persisted position was put last. */
    long savedPosition() {
        return handler.savedPosition();
    }

    /** Returns when the oldest event was decided that was read and is not done with. */
    Optional<Instant> waitsSince() {
        Optional<Instant> waiting = handler.waitsSince();
        Instant page = pageSince;
        return page != null && waiting.filter(page::isAfter).isEmpty() ? Optional.of(page) : waiting;
    }

    /** Returns up to where everything is done with. */
    long donePosition() {
        return handler.doneUpTo(position());
    }

    /** Lets the thread end after the page at hand, and does not wait for it. */
    void stopSoon() {
        lock.lock();
        try {
            isClosed = true;
            wake();
        } finally {
            lock.unlock();
        }
        // After that: a page that is given up before would be begun again, behind what of it is under way.
        handler.cancel();
    }

    /** Returns whether no page is under way any more. */
    boolean hasEnded() {
        return thread == null || hasEnded;
    }

    /** Stops after the page at hand; interrupts it where it takes longer than ten seconds. Idempotent. */
    @Override
    public void close() {
        stopSoon();
        Thread running = thread;
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
        try {
            follow();
            handler.stop();
        } finally {
            lock.lock();
            try {
                hasEnded = true;
            } finally {
                lock.unlock();
            }
            listener.ended();
        }
    }

    private void follow() {
        int failures = 0;
        int restartsSeen = -1;
        long from = 0;
        boolean isVisible = false;
        while (!isClosed) {
            try {
                int restartsNow = restarts();
                if (restartsSeen != restartsNow || failures > 0) {
                    from = handler.load();
                    restartsSeen = restartsNow;
                    loadedAt(from, restartsSeen);
                }
                EventPage page = read(from, isVisible);
                isVisible = false;
                saw(page);
                handler.handle(page);
                pageSince = null;
                from = page.position();
                failures = 0;
                moveTo(page, restartsSeen);
                if (page.isLast()) {
                    isVisible = awaitNews(from, restartsSeen);
                }
            } catch (InterruptedException e) {
                // Only close() interrupts a follower while it works; the loop's condition ends it.
                log.debug("'{}' was interrupted", feed.name());
            } catch (LeaseLostException e) {
                log.info("'{}' stops here: {}", feed.name(), e.getMessage());
                return;
            } catch (CheckpointConflictException e) {
                // Another runner of this name is at work, or a reset: nothing failed, the place is elsewhere.
                log.debug("'{}' reads its position again", feed.name(), e);
                restartsSeen = -1;
                waitUnlessWoken(() -> Thread.sleep(AFTER_CONFLICT.toMillis()));
            } catch (Throwable e) {
                failures++;
                stumble(e, failures, from);
            }
        }
    }

    /** Tells how much there is to do before it is done: a follower that stands from its first page on lags too. */
    private void saw(EventPage page) {
        pageSince =
                page.events().isEmpty() ? null : page.events().get(0).event().timestamp();
        lock.lock();
        try {
            visiblePosition = page.visiblePosition();
        } finally {
            lock.unlock();
        }
    }

    private void loadedAt(long from, int restartsSeen) {
        lock.lock();
        try {
            if (restarts == restartsSeen) {
                position = from;
            }
        } finally {
            lock.unlock();
        }
        listener.moved();
    }

    private void moveTo(EventPage page, int restartsSeen) {
        lock.lock();
        try {
            failure = null;
            // A reset in between has put the position back: this page belongs to the time before it.
            if (restarts == restartsSeen) {
                position = page.position();
            }
        } finally {
            lock.unlock();
        }
        listener.moved();
    }

    private void stumble(Throwable e, int failures, long from) {
        if (isClosed) {
            return;
        }
        if (failures == 1) {
            log.atWarn()
                    .addKeyValue("name", feed.name())
                    .addKeyValue("position", from)
                    .setCause(e)
                    .log("'{}' stands at position {} and tries again until it succeeds", feed.name(), from);
        }
        lock.lock();
        try {
            failure = e;
        } finally {
            lock.unlock();
        }
        waitUnlessWoken(() -> Thread.sleep(
                options.backoff().after(failures, ThreadLocalRandom.current()).toMillis()));
    }

    // Between the wait and the read nothing is asked twice: it would be most of what an event waits for its handler.
    private EventPage read(long from, boolean isVisible) {
        return isVisible
                ? feed.storage().readVisible(from, feed.filter(), options.pageSize())
                : feed.storage().readAll(from, feed.filter(), options.pageSize());
    }

    /** Returns whether more was seen to be there to read. */
    private boolean awaitNews(long from, int restartsSeen) {
        Duration patience = handler.patience();
        AtomicBoolean isThere = new AtomicBoolean();
        waitUnlessWoken(() -> {
            if (restarts() == restartsSeen) {
                isThere.set(feed.storage().awaitVisible(from + 1, patience) > from);
            }
        });
        return isThere.get();
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
            log.trace("'{}' was woken", feed.name());
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

    private int restarts() {
        lock.lock();
        try {
            return restarts;
        } finally {
            lock.unlock();
        }
    }

    /** Hears what a follower does, in the follower's thread, outside its lock. */
    interface Listener {

        /** It has come further, or starts over. */
        void moved();

        /** Its thread ends. */
        void ended();
    }

    private interface Wait {
        void run() throws InterruptedException;
    }
}

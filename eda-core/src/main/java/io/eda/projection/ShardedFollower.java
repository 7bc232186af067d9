package io.eda.projection;

import io.eda.telemetry.Gauges;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's part in following the events under a name: it takes its share of the shards, runs each in a thread of its own,
 * and stands by for the others. What projections and relays have in common.
 *
 * <p>A node that cannot beat for the time of a lease stops by itself. That is courtesy, for targets outside the database:
 * what protects the checkpoint is its epoch. Thread-safe.
 */
public final class ShardedFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ShardedFollower.class);

    private static final Duration LONGEST_BEAT = Duration.ofMillis(500);

    private final Feed feed;
    private final FollowOptions options;
    private final CheckpointStore<?> checkpoints;
    private final PositionWaiters waiters;
    private final RunningShards running = new RunningShards();
    private final ShardOwner owner;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signal = lock.newCondition();

    // All guarded by the lock.
    private @Nullable Thread thread;
    private boolean isClosed;
    private boolean isSignalled;
    private @Nullable Gauges gauges;

    /** Prepares to follow; {@code handlers} makes what handles the pages of a shard, under its lease. */
    public ShardedFollower(
            Feed feed, FollowOptions options, CheckpointStore<?> checkpoints, Function<Lease, PageHandler> handlers) {
        this.feed = feed;
        this.options = options;
        this.checkpoints = checkpoints;
        this.waiters = new PositionWaiters(this::progress);
        this.owner = new ShardOwner(feed, options, checkpoints.leases(), handlers, running, new Listener());
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
                throw new IllegalStateException("'" + feed.name() + "' was " + (isClosed ? "closed" : "started")
                        + " already: a follower runs once, make a new one");
            }
            Thread started = new Thread(this::run, "eda-" + feed.name() + "-leases");
            started.setDaemon(true);
            thread = started;
            started.start();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Registers gauges whose names begin with {@code prefix}, until this is closed: {@code .position}, {@code .lag}, {@code .delay}, {@code
     * .rate}, {@code .standing} and {@code .shards}. They tell of the shards that run here, and ask no server; where none does, place and
     * pace are not known.
     */
    public void bindTo(MeterRegistry registry, String prefix) {
        FollowerGauges source = new FollowerGauges(this::progressHere, this::waitsSince, running::size);
        Gauges registered = source.register(new Gauges(registry, Tags.of("name", feed.name())), prefix);
        lock.lock();
        try {
            gauges = registered;
            if (isClosed) {
                registered.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns up to where the shards that run here are done, the last of them that is; no server is asked, and where none runs here it is 0.
     */
    public Progress progressHere() {
        long position = Long.MAX_VALUE;
        long lag = 0;
        Optional<Throwable> why = Optional.empty();
        List<Follower> here = running.followers();
        for (Follower follower : here) {
            Progress part = follower.progress();
            long done = follower.donePosition();
            position = Math.min(position, done);
            lag = Math.max(lag, part.visiblePosition() - done);
            why = why.or(part::failure);
        }
        why = why.or(() -> Optional.ofNullable(owner.failure()));
        long lowest = here.isEmpty() ? 0 : position;
        return new Progress(feed.name(), lowest, lowest + lag, why);
    }

    private Optional<Instant> waitsSince() {
        return running.followers().stream()
                .flatMap(follower -> follower.waitsSince().stream())
                .min(Instant::compareTo);
    }

    /** Reads the persisted positions again and goes on from there, because they were changed from outside. */
    public void restart() {
        running.followers().forEach(Follower::restart);
    }

    /** Ends the pauses after failures, because their reason is said to be gone. */
    public void retryNow() {
        running.followers().forEach(Follower::retryNow);
    }

    /** Returns where all shards together stand, also those that other nodes run. */
    public Progress progress() {
        long visible = 0;
        Optional<Throwable> why = Optional.empty();
        for (Follower follower : running.followers()) {
            Progress part = follower.progress();
            visible = Math.max(visible, part.visiblePosition());
            why = why.or(part::failure);
        }
        why = why.or(() -> Optional.ofNullable(owner.failure()));
        long position = running.position();
        if (position < 0) {
            try {
                position = checkpoints.position(feed.name());
                visible = Math.max(visible, feed.storage().awaitVisible(Long.MAX_VALUE, Duration.ZERO));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                why = why.or(() -> Optional.of(e));
            }
        }
        return new Progress(feed.name(), Math.max(position, 0), Math.max(position, visible), why);
    }

    /** Returns how many shards this node runs. */
    public int shardsHere() {
        return running.followers().size();
    }

    /**
     * Waits until everything up to {@code target} is handled, here or on other nodes.
     *
     * @throws PositionNotReachedException if the time is over before
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitPosition(long target, Duration timeout) throws InterruptedException {
        waiters.await(target, timeout, this::look);
    }

    /** As {@link #awaitPosition}, without waiting: the stage fails with a {@link PositionNotReachedException}. */
    public CompletionStage<Void> whenPosition(long target, Duration timeout) {
        CompletableFuture<Void> reached = waiters.add(target, timeout);
        look();
        return reached;
    }

    /** Stops after the pages at hand, and gives the shards back. Idempotent. */
    @Override
    public void close() {
        Thread leases;
        lock.lock();
        try {
            isClosed = true;
            isSignalled = true;
            signal.signalAll();
            leases = thread;
            if (gauges != null) {
                gauges.close();
            }
        } finally {
            lock.unlock();
        }
        if (leases == null) {
            return;
        }
        running.followers().forEach(Follower::stopSoon);
        try {
            leases.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiters.failAll();
    }

    private void run() {
        while (!isClosed()) {
            owner.step();
            awaitNextBeat();
        }
        owner.end();
    }

    private void awaitNextBeat() {
        long beat = Math.min(options.lease().toNanos() / 3, LONGEST_BEAT.toNanos());
        long deadline = System.nanoTime() + beat;
        while (true) {
            long pause = waiters.isEmpty() || running.position() >= 0 ? beat : waiters.nextPollNanos();
            lock.lock();
            try {
                long left = deadline - System.nanoTime();
                if (isSignalled || isClosed || left <= 0) {
                    isSignalled = false;
                    return;
                }
                boolean unused = signal.await(Math.min(left, pause), TimeUnit.NANOSECONDS);
                if (isSignalled) {
                    continue;
                }
            } catch (InterruptedException e) {
                // Nobody interrupts this thread but whoever ends the process.
                return;
            } finally {
                lock.unlock();
            }
            askForOthers();
        }
    }

    /** Looks up how far other nodes have come, as long as somebody waits for it. */
    private void askForOthers() {
        if (waiters.isEmpty() || running.position() >= 0) {
            return;
        }
        try {
            waiters.reached(checkpoints.position(feed.name()));
        } catch (RuntimeException e) {
            log.debug("'{}' could not read how far other nodes are", feed.name(), e);
        }
    }

    private void look() {
        if (waiters.isEmpty()) {
            return;
        }
        long position = running.position();
        if (position >= 0) {
            waiters.reached(position);
        } else {
            // Not the waiter's thread, and not a follower's: the one that beats asks the store for all of them.
            lock.lock();
            try {
                signal.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void signal() {
        lock.lock();
        try {
            isSignalled = true;
            signal.signalAll();
        } finally {
            lock.unlock();
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

    private final class Listener implements Follower.Listener {

        @Override
        public void moved() {
            look();
        }

        @Override
        public void ended() {
            signal();
        }
    }
}

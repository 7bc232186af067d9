package io.eda.projection;

import io.eda.store.EventStore;
import io.eda.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Feeds a projection with the events, in their order, and keeps its checkpoint.
 *
 * <ul>
 *   <li>With a checkpoint store that shares the read model's transaction, every event takes effect exactly once, whatever
 *       crashes; with another one, at least once.
 *   <li>Start it on any number of nodes: each shard is run by one of them, under a lease whose epoch is checked in the
 *       transaction that moves the checkpoint. A node that dies or hangs is replaced when its leases are over.
 *   <li>An event that cannot be handled holds up the others of its page no longer than the policy says, see
 *       {@link OnFailure}.
 * </ul>
 *
 * <p>Thread-safe.
 *
 * @param <C> what the projection writes with
 */
public final class ProjectionRunner<C> implements AutoCloseable {

    private final Projection<C> projection;
    private final EventStore store;
    private final CheckpointStore<C> checkpoints;
    private final ShardedFollower follower;
    private final Feed feed;
    private final ProjectionSignals signals;

    private ProjectionRunner(
            Projection<C> projection, EventStore store, CheckpointStore<C> checkpoints, FollowOptions options) {
        this.projection = projection;
        this.store = store;
        this.checkpoints = checkpoints;
        this.feed = new Feed(projection.name(), store.storage(), store.filterFor(projection.eventClasses()));
        this.signals = new ProjectionSignals(projection.name());
        this.follower = new ShardedFollower(
                feed,
                options,
                checkpoints,
                lease -> new ProjectionPages<>(projection, store, checkpoints, options, lease, signals));
    }

    /** Returns a runner with the default options; {@link #start} begins. */
    public static <C> ProjectionRunner<C> of(
            Projection<C> projection, EventStore store, CheckpointStore<C> checkpoints) {
        return of(projection, store, checkpoints, FollowOptions.defaults());
    }

    /** Returns a runner; {@link #start} begins. */
    public static <C> ProjectionRunner<C> of(
            Projection<C> projection, EventStore store, CheckpointStore<C> checkpoints, FollowOptions options) {
        return new ProjectionRunner<>(projection, store, checkpoints, options);
    }

    /**
     * Tells {@code registry} of every page, as {@code eda.project}: in the trace of its events where all come from one. Returns this.
     */
    public ProjectionRunner<C> observedBy(ObservationRegistry registry) {
        signals.observedBy(Tracing.by(registry));
        return this;
    }

    /**
     * Begins to count: the meters that begin with {@code eda.projection}, each tagged with the name. Returns this.
     *
     * @throws IllegalStateException if it is bound already
     */
    public ProjectionRunner<C> bindTo(MeterRegistry registry) {
        signals.bindTo(registry);
        follower.bindTo(registry, "eda.projection");
        return this;
    }

    /** Begins to follow, in threads of its own, and returns this. */
    public ProjectionRunner<C> start() {
        follower.start();
        return this;
    }

    /**
     * Waits until the read model shows everything up to {@code position}: the result of one's own command, for example.
     *
     * @throws PositionNotReachedException if the time is over before
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitPosition(long position, Duration timeout) throws InterruptedException {
        follower.awaitPosition(position, timeout);
    }

    /** As {@link #awaitPosition}, without waiting: the stage fails with a {@link PositionNotReachedException}. */
    public CompletionStage<Void> whenPosition(long position, Duration timeout) {
        return follower.whenPosition(position, timeout);
    }

    /**
     * Returns the answer of {@code question}, asked once the read model shows everything up to {@code position}.
     *
     * @throws PositionNotReachedException if the time is over before
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public <R> R ask(Supplier<R> question, long position, Duration timeout) throws InterruptedException {
        awaitPosition(position, timeout);
        return question.get();
    }

    /** Tries an event that failed again at once, because the reason is said to be gone. */
    public void resume() {
        follower.retryNow();
    }

    /** Returns what could not be handled, to be replayed or dropped. */
    public ParkedEvents<C> parked() {
        return new ParkedEvents<>(projection, store, checkpoints);
    }

    /** Returns how many shards this node runs; none while others run them all. */
    public int shardsHere() {
        return follower.shardsHere();
    }

    /** Returns where the projection stands. */
    public Progress progress() {
        return follower.progress();
    }

    /**
     * Empties the read model and builds it again from the first event. It shows only part of the truth until it has caught
     * up.
     *
     * @throws IllegalStateException if the read model could not be emptied; nothing has changed
     */
    public void reset() {
        try {
            checkpoints.reset(projection.name(), 0, context -> {
                checkpoints.failedEvents().clear(context, projection.name());
                projection.clear(context);
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The projection '" + projection.name() + "' could not be emptied: " + e, e);
        }
        follower.restart();
    }

    /**
     * As {@link #reset}, but refused while the last rebuild in place has not caught up yet, on whatever node it began. Whoever
     * asks sees {@link #progress} grow towards the position that was visible when it began.
     *
     * @throws RebuildRefusedException if one is under way
     */
    public void rebuild() {
        String target = projection.name() + "~rebuild";
        try {
            long end = checkpoints.position(target);
            long position = checkpoints.position(projection.name());
            if (position < end) {
                throw new RebuildRefusedException(
                        "'" + projection.name() + "' is being rebuilt already, and at position " + position + " of "
                                + end + ": wait for it; to begin again nevertheless, use reset()");
            }
            long visible = store.storage().awaitVisible(Long.MAX_VALUE, Duration.ZERO);
            checkpoints.advance(target, end, Math.max(end, visible), context -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted before '" + projection.name() + "' was rebuilt", e);
        } catch (CheckpointConflictException e) {
            throw new RebuildRefusedException(
                    "A rebuild of '" + projection.name() + "' has just begun on another node");
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The rebuild of '" + projection.name() + "' could not be noted: " + e, e);
        }
        reset();
    }

    /** Returns what is followed, and under which name. */
    public Feed feed() {
        return feed;
    }

    /** Returns where the checkpoint stands. */
    public CheckpointStore<C> checkpoints() {
        return checkpoints;
    }

    /** Returns where the shards that run here stand; no server is asked. */
    Progress progressHere() {
        return follower.progressHere();
    }

    Feed feed(String suffix) {
        return new Feed(feed.name() + suffix, feed.storage(), feed.filter());
    }

    /** Stops after the page at hand. Idempotent. */
    @Override
    public void close() {
        follower.close();
    }
}

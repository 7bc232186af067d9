package io.eda.projection;

import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.store.EventPage;
import io.eda.store.EventStore;
import io.eda.store.StoredEvent;
import java.time.Duration;

/**
 * Feeds a projection with the events, in their order, and keeps its checkpoint.
 *
 * <ul>
 *   <li>With a checkpoint store that shares the read model's transaction, every event takes effect exactly once, whatever
 *       crashes; with another one, at least once.
 *   <li>Two runners of one name do no harm: of two who apply the same page, one commits and the other starts over from
 *       there.
 * </ul>
 *
 * <p>Thread-safe.
 *
 * @param <C> what the projection writes with
 */
public final class ProjectionRunner<C> implements AutoCloseable {

    // A checkpoint that moves over unwanted events alone is worth a write only now and then.
    private static final long UNWANTED_BEFORE_SAVING = 10_000;

    private final Projection<C> projection;
    private final EventStore store;
    private final CheckpointStore<C> checkpoints;
    private final Follower follower;

    private ProjectionRunner(Projection<C> projection, EventStore store, CheckpointStore<C> checkpoints) {
        this.projection = projection;
        this.store = store;
        this.checkpoints = checkpoints;
        this.follower = new Follower(
                projection.name(), store.storage(), store.filterFor(projection.eventClasses()), new Pages());
    }

    /** Returns a runner; {@link #start} begins. */
    public static <C> ProjectionRunner<C> of(
            Projection<C> projection, EventStore store, CheckpointStore<C> checkpoints) {
        return new ProjectionRunner<>(projection, store, checkpoints);
    }

    /** Begins to follow, in a thread of its own, and returns this. */
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
            checkpoints.reset(projection.name(), 0, projection::clear);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The projection '" + projection.name() + "' could not be emptied: " + e, e);
        }
        follower.restart();
    }

    /** Stops after the page at hand. Idempotent. */
    @Override
    public void close() {
        follower.close();
    }

    private final class Pages implements Follower.PageHandler {

        private long saved;

        @Override
        public long load() {
            saved = checkpoints.position(projection.name());
            return saved;
        }

        @Override
        public void handle(EventPage page) throws Exception {
            if (page.events().isEmpty() && page.position() - saved < UNWANTED_BEFORE_SAVING) {
                return;
            }
            checkpoints.advance(projection.name(), saved, page.position(), context -> apply(page, context));
            saved = page.position();
        }

        private void apply(EventPage page, C context) throws Exception {
            for (StoredEvent<EventRecord> stored : page.events()) {
                for (Event<?> event : store.serializer().deserialize(stored.event())) {
                    projection.apply(event, context);
                }
            }
        }
    }
}

package io.eda.projection;

import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.projection.CheckpointStore.Work;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStore;
import io.eda.store.StoredEvent;
import io.eda.telemetry.Gauges;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds a read model again beside the live one, which goes on: {@code next} catches up in tables of its own, then takes the
 * live one's place at equal positions, in one transaction.
 *
 * <ul>
 *   <li><b>Readers see the whole truth at every moment</b>: the old tables until the take-over, the new ones from then on,
 *       and no position earlier than before.
 *   <li><b>One at a time</b>: a second rebuild of the same name is refused while one runs, on whatever node.
 *   <li><b>It can be stopped</b>, by closing it or by a crash, and goes on from there when it is started again.
 * </ul>
 *
 * <p>To build in place, see {@link ProjectionRunner#rebuild}. Thread-safe.
 *
 * @param <C> what the projections write with
 */
public final class Rebuild<C> implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int PAGE = 500;
    private static final int MOST_TO_CATCH_UP = 10_000;

    private final Projection<C> live;
    private final Projection<C> next;
    private final EventStore store;
    private final CheckpointStore<C> checkpoints;
    private final FollowOptions options;
    private final ProjectionRunner<C> runner;
    private final String owner = UUID.randomUUID().toString();
    private volatile @Nullable Gauges gauges;

    private Rebuild(
            Projection<C> live,
            Projection<C> next,
            EventStore store,
            CheckpointStore<C> checkpoints,
            FollowOptions options) {
        this.live = live;
        this.next = next;
        this.store = store;
        this.checkpoints = checkpoints;
        this.options = options.withShards(1);
        this.runner = ProjectionRunner.of(next, store, checkpoints, this.options);
    }

    /**
     * Begins, or goes on with, a rebuild.
     *
     * @param live the projection whose place is taken
     * @param next the same or a better one, with another name and tables of its own, and with {@code clearedBy}
     * @throws RebuildRefusedException if one runs already
     */
    public static <C> Rebuild<C> start(
            Projection<C> live,
            Projection<C> next,
            EventStore store,
            CheckpointStore<C> checkpoints,
            FollowOptions options)
            throws Exception {
        if (live.name().equals(next.name())) {
            throw new IllegalArgumentException("'" + live.name()
                    + "' cannot be rebuilt beside itself: give the next one another name, and tables of its own");
        }
        Rebuild<C> rebuild = new Rebuild<>(live, next, store, checkpoints, options);
        rebuild.begin();
        return rebuild;
    }

    private void begin() throws Exception {
        checkpoints.leases().arrange(next.name(), 1);
        Lease lease = own();
        try {
            if (lease.start().position() == 0) {
                checkpoints.reset(next.name(), 0, next::clear);
            }
        } finally {
            checkpoints.leases().release(lease);
        }
        runner.start();
        try {
            awaitShard();
        } catch (RebuildRefusedException | InterruptedException e) {
            runner.close();
            throw e;
        }
    }

    // Of two who begin at once, both may have come this far; one of them gets the shard.
    private void awaitShard() throws InterruptedException {
        long deadline = System.nanoTime() + options.lease().multipliedBy(2).toNanos();
        while (runner.shardsHere() == 0) {
            if (System.nanoTime() - deadline > 0) {
                throw refusal();
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private Lease own() {
        return checkpoints
                .leases()
                .acquire(next.name(), 0, owner, options.lease())
                .orElseThrow(this::refusal);
    }

    private RebuildRefusedException refusal() {
        return new RebuildRefusedException("'" + live.name() + "' is being rebuilt already, as '" + next.name()
                + "': wait for it, or close it. If its node died, its lease is over in " + options.lease());
    }

    /** Returns how far the next one is. */
    public Progress progress() {
        return runner.progress();
    }

    /**
     * Begins to count: {@code eda.projection.rebuild}, tagged with the name of the live one, and what every projection has, under the name of the
     * next one, until it has taken over or is closed. Returns this.
     *
     * @throws IllegalStateException if it is bound already
     */
    public Rebuild<C> bindTo(MeterRegistry registry) {
        runner.bindTo(registry);
        gauges = new Gauges(registry, Tags.of("name", live.name()))
                .add("eda.projection.rebuild", "ratio", "How much of the visible events is handled", this::done);
        return this;
    }

    private double done() {
        Progress here = runner.progressHere();
        if (runner.shardsHere() == 0) {
            return Double.NaN;
        }
        return here.visiblePosition() == 0 ? 1 : (double) here.position() / here.visiblePosition();
    }

    /**
     * Waits until the next one has caught up, then lets it take over.
     *
     * @param swap puts its tables in the place of the live ones, in the transaction that moves the live checkpoint: by renaming
     *     them, for example
     * @throws PositionNotReachedException if it has not caught up in time; where it was about to take over, it has stopped, and can
     *     be started again
     * @throws RebuildRefusedException if the next one has parked events: replay or drop them first
     */
    public void takeOver(Work<C> swap, Duration timeout) throws Exception {
        long deadline = System.nanoTime() + timeout.toNanos();
        runner.awaitPosition(checkpoints.position(live.name()), timeout);
        int parked = runner.parked().aggregates().size();
        if (parked > 0) {
            throw new RebuildRefusedException("'" + next.name() + "' has parked events of " + parked
                    + " aggregates: replay or drop them before it takes over");
        }
        close();
        boolean isDone = false;
        while (!isDone) {
            Lease lease = own();
            try {
                isDone = tryTakeOver(swap);
            } finally {
                checkpoints.leases().release(lease);
            }
            if (!isDone && System.nanoTime() - deadline > 0) {
                throw new PositionNotReachedException(checkpoints.position(live.name()), timeout, runner.progress());
            }
        }
    }

    /** Takes over if the live one stands, once it is locked, where it was seen before. */
    private boolean tryTakeOver(Work<C> swap) throws Exception {
        long from = checkpoints.position(next.name());
        long to = checkpoints.position(live.name());
        if (to - from > MOST_TO_CATCH_UP) {
            throw new RebuildRefusedException(
                    "'" + next.name() + "' stands at " + from + " and '" + live.name() + "' at " + to
                            + ": that is too much for one transaction. Start the rebuild again, it goes on from there");
        }
        try {
            checkpoints.reset(live.name(), Math.max(from, to), context -> swapAt(from, to, swap, context));
            return true;
        } catch (LiveMoved e) {
            return false;
        }
    }

    private void swapAt(long from, long to, Work<C> swap, C context) throws Exception {
        // From here on the live checkpoint is locked; seen from outside it is where its last page left it.
        if (checkpoints.position(live.name()) != to) {
            throw new LiveMoved();
        }
        catchUp(from, to, context);
        checkpoints.failedEvents().clear(context, live.name());
        // Committed first: after a crash behind it, the next rebuild begins from the start and not in tables that
        // moved.
        checkpoints.reset(next.name(), 0, nothing -> {});
        swap.run(context);
    }

    private void catchUp(long from, long to, C context) throws Exception {
        EventFilter filter = store.filterFor(next.eventClasses());
        long position = from;
        while (position < to) {
            EventPage page = store.storage().readAll(position, filter, PAGE);
            List<Event<?>> events = new ArrayList<>(page.events().size());
            for (StoredEvent<EventRecord> stored : page.events()) {
                if (stored.position() <= to) {
                    events.addAll(store.serializer().deserialize(stored.event()));
                }
            }
            next.apply(events, context);
            position = page.position();
        }
    }

    /** Stops; the work so far stays, and {@link #start} goes on from there. Idempotent. */
    @Override
    public void close() {
        Gauges registered = gauges;
        if (registered != null) {
            registered.close();
        }
        runner.close();
    }

    private static final class LiveMoved extends Exception {}
}

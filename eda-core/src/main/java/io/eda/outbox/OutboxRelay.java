package io.eda.outbox;

import io.eda.bus.EventBus;
import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FailedEvent;
import io.eda.projection.Feed;
import io.eda.projection.FollowOptions;
import io.eda.projection.LeaseLostException;
import io.eda.projection.OnFailure;
import io.eda.projection.Progress;
import io.eda.projection.ShardedFollower;
import io.eda.store.EventFilter;
import io.eda.store.EventStorage;
import io.eda.telemetry.Gauges;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what was appended, in its order, without reading the data.
 *
 * <ul>
 *   <li><b>Nothing is lost.</b> The checkpoint moves over events that the transport has confirmed, all of them from the
 *       first on. After a crash or a failure those behind it are published again, with the same ids.
 *   <li><b>Bounded.</b> A limited number of events, and of bytes, is published and not confirmed; then the relay waits. A
 *       broker that is down, blocked or slow is waited for, with growing pauses.
 *   <li><b>One at a time.</b> Start it on any number of nodes: one of them relays, or each relays some shards; another one
 *       takes over when it dies.
 *   <li><b>Never silently.</b> An event that the transport refuses for ever stops the relay, which names it; with
 *       {@link OnFailure#SKIP} it is left out and noted, see {@link #skipped}.
 * </ul>
 *
 * <p>Relays of different names over one storage know nothing of each other. Thread-safe.
 */
public final class OutboxRelay implements AutoCloseable {

    private final String name;
    private final CheckpointStore<?> checkpoints;
    private final Feed feed;
    private final RelayMeters meters;
    private final ShardedFollower follower;
    private volatile @Nullable Gauges gauges;

    private OutboxRelay(Builder builder) {
        this.name = builder.name;
        this.feed = new Feed(builder.name, builder.storage, builder.filter);
        this.checkpoints = builder.checkpoints;
        this.meters = new RelayMeters(builder.name);
        this.follower = followerOf(builder, feed, builder.checkpoints, meters);
    }

    private static <C> ShardedFollower followerOf(
            Builder builder, Feed feed, CheckpointStore<C> checkpoints, RelayMeters meters) {
        return new ShardedFollower(
                feed,
                builder.options,
                checkpoints,
                lease -> new RelayedPages<>(
                        checkpoints,
                        builder.options.onFailure(),
                        lease,
                        new Unconfirmed(builder.bus, builder.limits, meters),
                        meters));
    }

    /**
     * Begins to count: the meters that begin with {@code eda.relay}, each tagged with the name. Returns this.
     *
     * @throws IllegalStateException if it is bound already
     */
    public OutboxRelay bindTo(MeterRegistry registry) {
        meters.bindTo(registry);
        follower.bindTo(registry, "eda.relay");
        gauges = new Gauges(registry, Tags.of("name", name))
                .add("eda.relay.unconfirmed", "events", "Events published and not confirmed", meters::unconfirmed);
        return this;
    }

    /**
     * Returns a relay to set up.
     *
     * @param name the name of its checkpoint
     * @param storage where the events come from
     * @param checkpoints where it remembers how far it came
     * @param bus where the events go
     */
    public static Builder builder(String name, EventStorage storage, CheckpointStore<?> checkpoints, EventBus bus) {
        return new Builder(name, storage, checkpoints, bus);
    }

    /** Returns how far events were published. */
    public Progress progress() {
        return follower.progress();
    }

    /**
     * Waits until everything up to {@code position} was handed to the transport.
     *
     * @throws io.eda.projection.PositionNotReachedException if the time is over before
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitPosition(long position, Duration timeout) throws InterruptedException {
        follower.awaitPosition(position, timeout);
    }

    /** Tries what failed again at once, because the reason is said to be gone. */
    public void resume() {
        follower.retryNow();
    }

    /** Returns how many shards this node relays; none while others relay them all. */
    public int shardsHere() {
        return follower.shardsHere();
    }

    /** Returns the events behind {@code afterPosition} that were refused and left out, {@code limit} at most. */
    public List<FailedEvent> skipped(long afterPosition, int limit) {
        return checkpoints.failedEvents().list(name, afterPosition, limit);
    }

    /** Returns what is relayed, and under which name. */
    public Feed feed() {
        return feed;
    }

    /** Returns where the checkpoint stands. */
    public CheckpointStore<?> checkpoints() {
        return checkpoints;
    }

    /** Stops, after a moment for what is published and not confirmed, and lets another node relay. Idempotent. */
    @Override
    public void close() {
        Gauges registered = gauges;
        if (registered != null) {
            registered.close();
        }
        follower.close();
    }

    /** Sets up a relay. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final EventStorage storage;
        private final CheckpointStore<?> checkpoints;
        private final EventBus bus;
        private EventFilter filter = EventFilter.all();
        private FollowOptions options = FollowOptions.defaults();
        private RelayLimits limits = RelayLimits.defaults();
        private long firstPosition;
        private boolean isFromNow;

        private Builder(String name, EventStorage storage, CheckpointStore<?> checkpoints, EventBus bus) {
            this.name = name;
            this.storage = storage;
            this.checkpoints = checkpoints;
            this.bus = bus;
        }

        /** Relays the events that pass {@code wanted} alone. */
        public Builder filter(EventFilter wanted) {
            this.filter = wanted;
            return this;
        }

        /**
         * Sets lease, shards, pages and pauses; of its policies {@link OnFailure#PAUSE} and {@link OnFailure#SKIP} say what
         * becomes of an event that the transport refuses for ever.
         */
        public Builder options(FollowOptions newOptions) {
            if (newOptions.onFailure() == OnFailure.PARK_KEY) {
                throw new IllegalArgumentException(
                        "The relay '" + name
                                + "' cannot park an aggregate, whose later events may be on their way already: use PAUSE or SKIP");
            }
            this.options = newOptions;
            return this;
        }

        /** Limits what is published and not confirmed. */
        public Builder limits(RelayLimits newLimits) {
            this.limits = newLimits;
            return this;
        }

        /** Lets a relay that never ran begin behind {@code position}; by default it begins with the first event. */
        public Builder after(long position) {
            this.firstPosition = position;
            return this;
        }

        /**
         * Lets a relay that never ran begin with what becomes visible from its start on. An append that is under way then is
         * relayed, because it is not visible yet.
         */
        public Builder fromNow() {
            this.isFromNow = true;
            return this;
        }

        /** Starts the relay, in threads of its own. */
        public OutboxRelay start() {
            placeFirst(checkpoints);
            OutboxRelay relay = new OutboxRelay(this);
            relay.follower.start();
            return relay;
        }

        private <C> void placeFirst(CheckpointStore<C> store) {
            try {
                long first = isFromNow ? storage.awaitVisible(Long.MAX_VALUE, Duration.ZERO) : firstPosition;
                if (first > 0 && store.position(name) == 0) {
                    store.advance(name, 0, first, context -> {});
                }
            } catch (CheckpointConflictException | LeaseLostException e) {
                // Another node has started this relay already: it began where that one found the end.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while the relay '" + name + "' started", e);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("The relay '" + name + "' could not be placed: " + e, e);
            }
        }
    }
}

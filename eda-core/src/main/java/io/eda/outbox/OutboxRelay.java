package io.eda.outbox;

import io.eda.bus.EventBus;
import io.eda.projection.CheckpointStore;
import io.eda.projection.Follower;
import io.eda.projection.Progress;
import io.eda.store.EventFilter;
import io.eda.store.EventStorage;
import java.time.Duration;

/**
 * Publishes what was appended, in its order, without reading the data.
 *
 * <ul>
 *   <li><b>Nothing is lost.</b> The checkpoint moves over events that the transport has confirmed, all of them from the
 *       first on. After a crash or a failure those behind it are published again, with the same ids.
 *   <li><b>Bounded.</b> A limited number of events is published and not confirmed; then the relay waits.
 * </ul>
 *
 * <p>Run one relay of a name at a time: two publish everything twice, and do no other harm. Thread-safe.
 */
public final class OutboxRelay implements AutoCloseable {

    private final Follower follower;

    private OutboxRelay(Builder builder) {
        this.follower = new Follower(
                builder.name,
                builder.storage,
                builder.filter,
                new RelayedPages(builder.name, builder.checkpoints, builder.bus));
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

    /** Stops, after a moment for what is published and not confirmed. Idempotent. */
    @Override
    public void close() {
        follower.close();
    }

    /** Sets up a relay. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final EventStorage storage;
        private final CheckpointStore<?> checkpoints;
        private final EventBus bus;
        private EventFilter filter = EventFilter.all();

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

        /** Starts the relay, in a thread of its own. */
        public OutboxRelay start() {
            OutboxRelay relay = new OutboxRelay(this);
            relay.follower.start();
            return relay;
        }
    }
}
